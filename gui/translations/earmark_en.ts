<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>FinishedPage</name>
    <message numerus="yes">
        <source>%Ln file(s) had changed since: only what Earmark wrote was taken out.</source>
        <translation>
            <numerusform>%Ln file had changed since: only what Earmark wrote was taken out.</numerusform>
            <numerusform>%Ln files had changed since: only what Earmark wrote was taken out.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Failed and left alone: %Ln file(s)</source>
        <translation>
            <numerusform>Failed and left alone: %Ln file</numerusform>
            <numerusform>Failed and left alone: %Ln files</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>HistoryModel</name>
    <message numerus="yes">
        <source>%Ln file(s) in unknown state</source>
        <translation>
            <numerusform>%Ln file in unknown state</numerusform>
            <numerusform>%Ln files in unknown state</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>MessageBar</name>
    <message numerus="yes">
        <source>%Ln more</source>
        <translation>
            <numerusform>%Ln more</numerusform>
            <numerusform>%Ln more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ProgressStrip</name>
    <message numerus="yes">
        <source>%Ln failed</source>
        <translation>
            <numerusform>%Ln failed</numerusform>
            <numerusform>%Ln failed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Looking for music: %Ln track(s) so far</source>
        <translation>
            <numerusform>Looking for music: %Ln track so far</numerusform>
            <numerusform>Looking for music: %Ln tracks so far</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln track(s) analysed</source>
        <translation>
            <numerusform>%Ln track analysed</numerusform>
            <numerusform>%Ln tracks analysed</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Teller</name>
    <message numerus="yes">
        <source>; and %n other place(s)</source>
        <translation>
            <numerusform>; and %n other place</numerusform>
            <numerusform>; and %n other places</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) had been written, each whole.</source>
        <translation>
            <numerusform>%n file had been written, each whole.</numerusform>
            <numerusform>%n files had been written, each whole.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Changed or moved since (%n file(s)):</source>
        <translation>
            <numerusform>Changed or moved since (%n file):</numerusform>
            <numerusform>Changed or moved since (%n files):</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ThresholdBar</name>
    <message numerus="yes">
        <source>Not counted: %Ln ready track(s) that cannot be written.</source>
        <translation>
            <numerusform>Not counted: %Ln ready track that cannot be written.</numerusform>
            <numerusform>Not counted: %Ln ready tracks that cannot be written.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Words</name>
    <message numerus="yes">
        <source>%Ln min</source>
        <translation>
            <numerusform>%Ln min</numerusform>
            <numerusform>%Ln min</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln track(s)</source>
        <translation>
            <numerusform>%Ln track</numerusform>
            <numerusform>%Ln tracks</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln file(s)</source>
        <translation>
            <numerusform>%Ln file</numerusform>
            <numerusform>%Ln files</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln tag(s)</source>
        <translation>
            <numerusform>%Ln tag</numerusform>
            <numerusform>%Ln tags</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>WriteReviewPage</name>
    <message numerus="yes">
        <source>Show only the %Ln file(s) that cannot be written</source>
        <translation>
            <numerusform>Show only the %Ln file that cannot be written</numerusform>
            <numerusform>Show only the %Ln files that cannot be written</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln field(s)</source>
        <translation>
            <numerusform>%Ln field</numerusform>
            <numerusform>%Ln fields</numerusform>
        </translation>
    </message>
</context>
</TS>
