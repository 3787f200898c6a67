<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>AboutPage</name>
    <message>
        <source>About Earmark</source>
        <translation>Über Earmark</translation>
    </message>
    <message>
        <source>Earmark %1</source>
        <translation>Earmark %1</translation>
    </message>
    <message>
        <source>Listens to a music library, suggests tags, and writes those you accept into your files.</source>
        <translation>Hört eine Musiksammlung an, schlägt Tags vor und schreibt die, die du annimmst, in deine Dateien.</translation>
    </message>
    <message>
        <source>Everything happens on this computer: no track and no tag leaves it.</source>
        <translation>Alles geschieht auf diesem Rechner: kein Stück und kein Tag verlässt ihn.</translation>
    </message>
    <message>
        <source>Free software under the GNU General Public License, version 3 or later.</source>
        <translation>Freie Software unter der GNU General Public License, Version 3 oder später.</translation>
    </message>
    <message>
        <source>The models are those of musicnn by Jordi Pons and Xavier Serra, trained on the data sets MagnaTagATune and Million Song Dataset. THIRD_PARTY_NOTICES.md names every library and its licence.</source>
        <translation>Die Modelle sind die von musicnn von Jordi Pons und Xavier Serra, trainiert mit den Datensätzen MagnaTagATune und Million Song Dataset. THIRD_PARTY_NOTICES.md nennt jede Bibliothek und ihre Lizenz.</translation>
    </message>
</context>
<context>
    <name>Actions</name>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>&amp;Bearbeiten</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>&amp;Review</source>
        <translation>D&amp;urchsicht</translation>
    </message>
    <message>
        <source>&amp;Listen</source>
        <translation>&amp;Hören</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>Toggle suggestion %1</source>
        <translation>Vorschlag %1 an- oder abhaken</translation>
    </message>
    <message>
        <source>Add folder…</source>
        <translation>Ordner hinzufügen …</translation>
    </message>
    <message>
        <source>Open another folder…</source>
        <translation>Anderen Ordner öffnen …</translation>
    </message>
    <message>
        <source>Analyse</source>
        <translation>Analysieren</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Try failed tracks again</source>
        <translation>Fehlgeschlagene erneut versuchen</translation>
    </message>
    <message>
        <source>Review and write…</source>
        <translation>Prüfen und schreiben …</translation>
    </message>
    <message>
        <source>Write what is listed</source>
        <translation>Das Aufgelistete schreiben</translation>
    </message>
    <message>
        <source>Undo the last write</source>
        <translation>Letztes Schreiben rückgängig machen</translation>
    </message>
    <message>
        <source>History of writes</source>
        <translation>Verlauf des Geschriebenen</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>Im Ordner zeigen</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <source>Select all tracks shown</source>
        <translation>Alle gezeigten Stücke auswählen</translation>
    </message>
    <message>
        <source>Select similar tracks</source>
        <translation>Ähnliche Stücke auswählen</translation>
    </message>
    <message>
        <source>Find</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>Tracks</source>
        <translation>Stücke</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation>Tags</translation>
    </message>
    <message>
        <source>Map</source>
        <translation>Karte</translation>
    </message>
    <message>
        <source>Show all fields of the file</source>
        <translation>Alle Felder der Datei zeigen</translation>
    </message>
    <message>
        <source>Command palette</source>
        <translation>Befehlspalette</translation>
    </message>
    <message>
        <source>Back to the tracks</source>
        <translation>Zurück zu den Stücken</translation>
    </message>
    <message>
        <source>Next track</source>
        <translation>Nächstes Stück</translation>
    </message>
    <message>
        <source>Previous track</source>
        <translation>Voriges Stück</translation>
    </message>
    <message>
        <source>Next unsure track</source>
        <translation>Nächstes unsicheres Stück</translation>
    </message>
    <message>
        <source>Accept the ticked tags</source>
        <translation>Angehakte Tags annehmen</translation>
    </message>
    <message>
        <source>Reject: write nothing</source>
        <translation>Ablehnen: nichts schreiben</translation>
    </message>
    <message>
        <source>Skip for now</source>
        <translation>Vorerst überspringen</translation>
    </message>
    <message>
        <source>Take the decision back</source>
        <translation>Entscheidung zurücknehmen</translation>
    </message>
    <message>
        <source>Accept all that are ready</source>
        <translation>Alle annehmen, die bereit sind</translation>
    </message>
    <message>
        <source>Accept the focused tag on the selection</source>
        <translation>Aktuelles Tag für die Auswahl annehmen</translation>
    </message>
    <message>
        <source>Add or edit a tag</source>
        <translation>Tag hinzufügen oder ändern</translation>
    </message>
    <message>
        <source>Lower the threshold by 0.01</source>
        <translation>Schwelle um 0,01 senken</translation>
    </message>
    <message>
        <source>Raise the threshold by 0.01</source>
        <translation>Schwelle um 0,01 heben</translation>
    </message>
    <message>
        <source>Play or pause the track</source>
        <translation>Stück abspielen oder anhalten</translation>
    </message>
    <message>
        <source>Earlier strong moment of the tag</source>
        <translation>Voriger starker Moment des Tags</translation>
    </message>
    <message>
        <source>Later strong moment of the tag</source>
        <translation>Nächster starker Moment des Tags</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>About Earmark</source>
        <translation>Über Earmark</translation>
    </message>
    <message>
        <source>Toggle a suggestion</source>
        <translation>Vorschlag an- oder abhaken</translation>
    </message>
</context>
<context>
    <name>Changes</name>
    <message>
        <source>Accept {tags} on {tracks}</source>
        <translation>{tags} annehmen ({tracks})</translation>
    </message>
    <message>
        <source>Reject {tracks}</source>
        <translation>{tracks} ablehnen</translation>
    </message>
    <message>
        <source>Skip {tracks}</source>
        <translation>{tracks} überspringen</translation>
    </message>
    <message>
        <source>Reopen {tracks}</source>
        <translation>{tracks} wieder öffnen</translation>
    </message>
    <message>
        <source>Tick {tag} on {tracks}</source>
        <translation>{tag} anhaken ({tracks})</translation>
    </message>
    <message>
        <source>Untick {tag} on {tracks}</source>
        <translation>{tag} abhaken ({tracks})</translation>
    </message>
    <message>
        <source>Accept {tag} on {tracks}</source>
        <translation>{tag} annehmen ({tracks})</translation>
    </message>
    <message>
        <source>Reject {tag} on {tracks}</source>
        <translation>{tag} ablehnen ({tracks})</translation>
    </message>
    <message>
        <source>Add {tag} to {tracks}</source>
        <translation>{tag} hinzufügen ({tracks})</translation>
    </message>
    <message>
        <source>Threshold of {tag} {value}</source>
        <translation>Schwelle von {tag} {value}</translation>
    </message>
    <message>
        <source>Threshold of all tags {value}</source>
        <translation>Schwelle aller Tags {value}</translation>
    </message>
    <message>
        <source>Threshold of {tag} as in the profile</source>
        <translation>Schwelle von {tag} wie im Profil</translation>
    </message>
    <message>
        <source>All thresholds as in the profile</source>
        <translation>Alle Schwellen wie im Profil</translation>
    </message>
    <message>
        <source>Profile {tag}</source>
        <translation>Profil {tag}</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Write {tracks}</source>
        <translation>{tracks} schreiben</translation>
    </message>
    <message>
        <source>Undo the writing of {tracks}</source>
        <translation>Schreiben zurücknehmen ({tracks})</translation>
    </message>
    <message>
        <source>Not written: {tracks}</source>
        <translation>Nicht geschrieben: {tracks}</translation>
    </message>
    <message>
        <source>Retry {tracks}</source>
        <translation>{tracks} erneut versuchen</translation>
    </message>
</context>
<context>
    <name>ChipDelegate</name>
    <message>
        <source>no tag reached its threshold</source>
        <translation>kein Tag erreicht seine Schwelle</translation>
    </message>
</context>
<context>
    <name>ColumnHeader</name>
    <message>
        <source>Columns</source>
        <translation>Spalten</translation>
    </message>
</context>
<context>
    <name>Columns</name>
    <message>
        <source>State</source>
        <translation>Stand</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>Titel</translation>
    </message>
    <message>
        <source>Artist</source>
        <translation>Interpret</translation>
    </message>
    <message>
        <source>Suggested</source>
        <translation>Vorschläge</translation>
    </message>
    <message>
        <source>Confidence</source>
        <translation>Sicherheit</translation>
    </message>
    <message>
        <source>Album</source>
        <translation>Album</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Where the track stands in your review</source>
        <translation>Wo das Stück in deiner Durchsicht steht</translation>
    </message>
    <message>
        <source>Title in the file; the file&apos;s name where it has none</source>
        <translation>Titel in der Datei; wo keiner ist, der Dateiname</translation>
    </message>
    <message>
        <source>Artist in the file</source>
        <translation>Interpret in der Datei</translation>
    </message>
    <message>
        <source>Ticked tags are filled, near misses are outlines; click one to tick or untick it</source>
        <translation>Angehakte Tags sind gefüllt, knapp verfehlte umrandet; ein Klick hakt an oder ab</translation>
    </message>
    <message>
        <source>How far the least certain ticked tag is above its threshold; 0 % is at it</source>
        <translation>Wie weit das unsicherste angehakte Tag über seiner Schwelle liegt; 0 % ist genau darauf</translation>
    </message>
    <message>
        <source>Album in the file</source>
        <translation>Album in der Datei</translation>
    </message>
    <message>
        <source>Name of the file</source>
        <translation>Name der Datei</translation>
    </message>
    <message>
        <source>Folder of the file</source>
        <translation>Ordner der Datei</translation>
    </message>
</context>
<context>
    <name>CommandPalette</name>
    <message>
        <source>Type an action, a tag or a folder</source>
        <translation>Befehl, Tag oder Ordner eingeben</translation>
    </message>
    <message>
        <source>Find a command</source>
        <translation>Befehl suchen</translation>
    </message>
    <message>
        <source>Commands</source>
        <translation>Befehle</translation>
    </message>
</context>
<context>
    <name>Commands</name>
    <message>
        <source>tag</source>
        <translation>Tag</translation>
    </message>
    <message>
        <source>folder</source>
        <translation>Ordner</translation>
    </message>
</context>
<context>
    <name>CutList</name>
    <message>
        <source>Tag</source>
        <translation>Tag</translation>
    </message>
    <message>
        <source>Probability</source>
        <translation>Wahrscheinlichkeit</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>Titel</translation>
    </message>
    <message>
        <source>Artist</source>
        <translation>Interpret</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Stand</translation>
    </message>
    <message>
        <source>ticked</source>
        <translation>angehakt</translation>
    </message>
    <message>
        <source>ticked by you</source>
        <translation>von dir angehakt</translation>
    </message>
    <message>
        <source>unticked by you</source>
        <translation>von dir abgehakt</translation>
    </message>
</context>
<context>
    <name>CutView</name>
    <message>
        <source>Tracks by probability of the tag</source>
        <translation>Stücke nach Wahrscheinlichkeit des Tags</translation>
    </message>
</context>
<context>
    <name>FinishedPage</name>
    <message>
        <source>Finished</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>Files that failed, with the reason</source>
        <translation>Fehlgeschlagene Dateien mit Grund</translation>
    </message>
    <message>
        <source>%1 on %2 written</source>
        <translation>%1 in %2 geschrieben</translation>
    </message>
    <message>
        <source>Cancelled: %1</source>
        <translation>Abgebrochen: %1</translation>
    </message>
    <message>
        <source>The write can be undone now or at any later time, also after a restart.</source>
        <translation>Das Schreiben lässt sich jetzt oder jederzeit später zurücknehmen, auch nach einem Neustart.</translation>
    </message>
    <message>
        <source>%1 put back as before</source>
        <translation>%1 wieder wie zuvor</translation>
    </message>
    <message numerus="yes">
        <source>%Ln file(s) had changed since: only what Earmark wrote was taken out.</source>
        <translation>
            <numerusform>%Ln Datei wurde seither geändert: nur was Earmark schrieb, wurde entfernt.</numerusform>
            <numerusform>%Ln Dateien wurden seither geändert: nur was Earmark schrieb, wurde entfernt.</numerusform>
        </translation>
    </message>
    <message>
        <source>Every one of them is exactly what it was.</source>
        <translation>Jede ist genau das, was sie war.</translation>
    </message>
    <message numerus="yes">
        <source>Failed and left alone: %Ln file(s)</source>
        <translation>
            <numerusform>Fehlgeschlagen und unberührt geblieben: %Ln Datei</numerusform>
            <numerusform>Fehlgeschlagen und unberührt geblieben: %Ln Dateien</numerusform>
        </translation>
    </message>
    <message>
        <source>Undo write</source>
        <translation>Schreiben rückgängig</translation>
    </message>
    <message>
        <source>Show failed</source>
        <translation>Fehlgeschlagene zeigen</translation>
    </message>
</context>
<context>
    <name>FirstRun</name>
    <message>
        <source>Tag your music by listening to it</source>
        <translation>Tagge deine Musik durch Anhören</translation>
    </message>
    <message>
        <source>Earmark listens to every track, suggests genre, instruments, mood and vocals, and writes those you accept into your files.</source>
        <translation>Earmark hört jedes Stück an, schlägt Genre, Instrumente, Stimmung und Gesang vor und schreibt, was du annimmst, in deine Dateien.</translation>
    </message>
    <message>
        <source>Opened before</source>
        <translation>Zuletzt geöffnet</translation>
    </message>
    <message>
        <source>Open %1</source>
        <translation>%1 öffnen</translation>
    </message>
    <message>
        <source>Drop a music folder here</source>
        <translation>Musikordner hierher ziehen</translation>
    </message>
    <message>
        <source>Choose a folder…</source>
        <translation>Ordner wählen …</translation>
    </message>
    <message>
        <source>Nothing is written until you press Write, and every write can be undone.</source>
        <translation>Nichts wird geschrieben, bevor du „Schreiben“ drückst, und alles lässt sich zurücknehmen.</translation>
    </message>
</context>
<context>
    <name>Groups</name>
    <message>
        <source>Waiting</source>
        <translation>Wartend</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>Bereit</translation>
    </message>
    <message>
        <source>Unsure</source>
        <translation>Unsicher</translation>
    </message>
    <message>
        <source>No suggestion</source>
        <translation>Ohne Vorschlag</translation>
    </message>
    <message>
        <source>Accepted</source>
        <translation>Angenommen</translation>
    </message>
    <message>
        <source>Set aside</source>
        <translation>Beiseitegelegt</translation>
    </message>
    <message>
        <source>Written</source>
        <translation>Geschrieben</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Fehlgeschlagen</translation>
    </message>
    <message>
        <source>Not listened to yet.</source>
        <translation>Noch nicht angehört.</translation>
    </message>
    <message>
        <source>Most of what is new is clearly above its threshold: you can accept these together.</source>
        <translation>Das meiste Neue liegt klar über seiner Schwelle: diese kannst du gemeinsam annehmen.</translation>
    </message>
    <message>
        <source>Most of what is new is close to its threshold: look at these first.</source>
        <translation>Das meiste Neue liegt nahe an seiner Schwelle: sieh dir diese zuerst an.</translation>
    </message>
    <message>
        <source>Nothing new to write: no tag reached its threshold, the file says it already, or it has no field.</source>
        <translation>Nichts Neues zu schreiben: kein Tag erreicht seine Schwelle, die Datei sagt es schon, oder es gibt kein Feld dafür.</translation>
    </message>
    <message>
        <source>You accepted the tags; they are written when you press Write.</source>
        <translation>Du hast die Tags angenommen; geschrieben werden sie, wenn du „Schreiben“ drückst.</translation>
    </message>
    <message>
        <source>Rejected or skipped: nothing is written into these.</source>
        <translation>Abgelehnt oder übersprungen: in diese wird nichts geschrieben.</translation>
    </message>
    <message>
        <source>The accepted tags are in the file; this can be undone.</source>
        <translation>Die angenommenen Tags stehen in der Datei; das lässt sich zurücknehmen.</translation>
    </message>
    <message>
        <source>Could not be listened to or written; the row says why.</source>
        <translation>Konnte nicht angehört oder geschrieben werden; die Zeile nennt den Grund.</translation>
    </message>
</context>
<context>
    <name>Histogram</name>
    <message>
        <source>Threshold on the histogram of probabilities</source>
        <translation>Schwelle auf dem Histogramm der Wahrscheinlichkeiten</translation>
    </message>
    <message>
        <source>Threshold {value}; the arrow keys move it</source>
        <translation>Schwelle {value}; die Pfeiltasten verschieben sie</translation>
    </message>
</context>
<context>
    <name>HistoryModel</name>
    <message>
        <source>When</source>
        <translation>Wann</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Was</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Stand</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Run %1: wrote %2</source>
        <translation>Lauf %1: %2 geschrieben</translation>
    </message>
    <message>
        <source>Run %1: took back run %2 in %3</source>
        <translation>Lauf %1: Lauf %2 zurückgenommen, %3</translation>
    </message>
    <message>
        <source>going on</source>
        <translation>läuft</translation>
    </message>
    <message>
        <source>interrupted</source>
        <translation>unterbrochen</translation>
    </message>
    <message>
        <source>partly taken back</source>
        <translation>teilweise zurückgenommen</translation>
    </message>
    <message>
        <source>taken back</source>
        <translation>zurückgenommen</translation>
    </message>
    <message>
        <source>in the files</source>
        <translation>in den Dateien</translation>
    </message>
    <message>
        <source>in force</source>
        <translation>in Kraft</translation>
    </message>
    <message numerus="yes">
        <source>%Ln file(s) in unknown state</source>
        <translation>
            <numerusform>%Ln Datei in unbekanntem Zustand</numerusform>
            <numerusform>%Ln Dateien in unbekanntem Zustand</numerusform>
        </translation>
    </message>
    <message>
        <source>old bytes not kept any more</source>
        <translation>alte Bytes nicht mehr aufbewahrt</translation>
    </message>
</context>
<context>
    <name>HistoryPage</name>
    <message>
        <source>History of writes</source>
        <translation>Verlauf des Geschriebenen</translation>
    </message>
    <message>
        <source>Files of the run</source>
        <translation>Dateien des Laufs</translation>
    </message>
    <message>
        <source>Each run can be taken back, byte for byte as long as its files were not changed since.</source>
        <translation>Jeder Lauf lässt sich zurücknehmen, Byte für Byte, solange seine Dateien seither nicht geändert wurden.</translation>
    </message>
    <message>
        <source>Nothing was written yet. Every write will be listed here and can be taken back.</source>
        <translation>Noch wurde nichts geschrieben. Jedes Schreiben steht dann hier und lässt sich zurücknehmen.</translation>
    </message>
    <message>
        <source>Do it again</source>
        <translation>Erneut ausführen</translation>
    </message>
    <message>
        <source>Undo this run</source>
        <translation>Diesen Lauf zurücknehmen</translation>
    </message>
    <message>
        <source>going on</source>
        <translation>läuft</translation>
    </message>
    <message>
        <source>written</source>
        <translation>geschrieben</translation>
    </message>
    <message>
        <source>not written</source>
        <translation>nicht geschrieben</translation>
    </message>
    <message>
        <source>unknown state</source>
        <translation>unbekannter Zustand</translation>
    </message>
    <message>
        <source>partly taken back</source>
        <translation>teilweise zurückgenommen</translation>
    </message>
    <message>
        <source>taken back</source>
        <translation>zurückgenommen</translation>
    </message>
    <message>
        <source>Runs, the latest first</source>
        <translation>Läufe, der neueste zuerst</translation>
    </message>
</context>
<context>
    <name>Inspector</name>
    <message>
        <source>Inspector</source>
        <translation>Inspektor</translation>
    </message>
    <message>
        <source>%1 selected</source>
        <translation>%1 ausgewählt</translation>
    </message>
    <message>
        <source>What you tick, accept or reject here concerns all of them.</source>
        <translation>Was du hier anhakst, annimmst oder ablehnst, betrifft alle.</translation>
    </message>
</context>
<context>
    <name>InspectorColumn</name>
    <message>
        <source>Add a tag (E)</source>
        <translation>Tag hinzufügen (E)</translation>
    </message>
    <message>
        <source>The inspector shows the track you select: its sound, its tags over time, the suggestions with their reasons, and what would change in the file.

J and K move between tracks, 1 to 9 tick suggestions, A accepts and X rejects, Space plays, ? lists all keys.</source>
        <translation>Der Inspektor zeigt das ausgewählte Stück: seinen Klang, seine Tags im Verlauf, die Vorschläge mit ihren Gründen und was sich in der Datei ändern würde.

J und K wechseln das Stück, 1 bis 9 haken Vorschläge an, A nimmt an und X lehnt ab, Leertaste spielt ab, ? zeigt alle Tasten.</translation>
    </message>
    <message>
        <source>Show all %1</source>
        <translation>Alle %1 zeigen</translation>
    </message>
    <message>
        <source>Show fewer</source>
        <translation>Weniger zeigen</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Add a folder</source>
        <translation>Ordner hinzufügen</translation>
    </message>
    <message>
        <source>Open a folder</source>
        <translation>Ordner öffnen</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Undo %1</source>
        <translation>Rückgängig: %1</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <source>Redo %1</source>
        <translation>Wiederholen: %1</translation>
    </message>
    <message>
        <source>Add a folder with models</source>
        <translation>Ordner mit Modellen hinzufügen</translation>
    </message>
</context>
<context>
    <name>MapCanvas</name>
    <message>
        <source>Map of tags and tracks</source>
        <translation>Karte der Tags und Stücke</translation>
    </message>
    <message>
        <source>Tab goes from tag to tag, Enter selects the tracks near it, arrows move the map, + and - zoom</source>
        <translation>Tab geht von Tag zu Tag, Enter wählt die Stücke in seiner Nähe, Pfeile verschieben die Karte, + und - zoomen</translation>
    </message>
</context>
<context>
    <name>MapMode</name>
    <message>
        <source>Zoom out</source>
        <translation>Verkleinern</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>Vergrößern</translation>
    </message>
    <message>
        <source>Whole map</source>
        <translation>Ganze Karte</translation>
    </message>
    <message>
        <source>Show the whole map</source>
        <translation>Die ganze Karte zeigen</translation>
    </message>
    <message>
        <source>Tracks appear here as they are listened to</source>
        <translation>Stücke erscheinen hier, sobald sie angehört sind</translation>
    </message>
    <message>
        <source>%1 selected of %2</source>
        <translation>Ausgewählt: %1 (gesamt: %2)</translation>
    </message>
    <message>
        <source>Tags that mean similar things are neighbours; each track lies among its strongest tags. Drag around tracks to select them; wheel to zoom, right button to move.</source>
        <translation>Tags mit ähnlicher Bedeutung sind Nachbarn; jedes Stück liegt zwischen seinen stärksten Tags. Ziehe um Stücke, um sie auszuwählen; Mausrad zoomt, rechte Taste verschiebt.</translation>
    </message>
</context>
<context>
    <name>MessageBar</name>
    <message>
        <source>What helps</source>
        <translation>Was hilft</translation>
    </message>
    <message>
        <source>Dismiss the message</source>
        <translation>Meldung schließen</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>Schließen</translation>
    </message>
    <message numerus="yes">
        <source>%Ln more</source>
        <translation>
            <numerusform>%Ln weitere</numerusform>
            <numerusform>%Ln weitere</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>MetadataDiff</name>
    <message>
        <source>In the file</source>
        <translation>In der Datei</translation>
    </message>
    <message>
        <source>Only changes (D)</source>
        <translation>Nur Änderungen (D)</translation>
    </message>
    <message>
        <source>All fields (D)</source>
        <translation>Alle Felder (D)</translation>
    </message>
    <message>
        <source>Nothing would change in the file.</source>
        <translation>In der Datei würde sich nichts ändern.</translation>
    </message>
    <message>
        <source>removed</source>
        <translation>entfernt</translation>
    </message>
    <message>
        <source>added</source>
        <translation>hinzugefügt</translation>
    </message>
    <message>
        <source>unchanged</source>
        <translation>unverändert</translation>
    </message>
</context>
<context>
    <name>ModelList</name>
    <message>
        <source>Add a folder with models…</source>
        <translation>Ordner mit Modellen hinzufügen …</translation>
    </message>
    <message>
        <source>%1 tags.</source>
        <translation>%1 Tags.</translation>
    </message>
</context>
<context>
    <name>Page</name>
    <message>
        <source>Back</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>Back to the tracks (Esc)</source>
        <translation>Zurück zu den Stücken (Esc)</translation>
    </message>
</context>
<context>
    <name>PageStack</name>
    <message>
        <source>Looking for music…</source>
        <translation>Suche nach Musik …</translation>
    </message>
    <message>
        <source>Tracks are listed as soon as they are found.</source>
        <translation>Stücke erscheinen, sobald sie gefunden sind.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>No music found</source>
        <translation>Keine Musik gefunden</translation>
    </message>
    <message>
        <source>There is no audio file in what is open. Earmark reads mp3, FLAC, Ogg, Opus, m4a, WAV and more.</source>
        <translation>Im Geöffneten ist keine Audiodatei. Earmark liest mp3, FLAC, Ogg, Opus, m4a, WAV und mehr.</translation>
    </message>
    <message>
        <source>No model can listen</source>
        <translation>Kein Modell kann hören</translation>
    </message>
    <message>
        <source>Earmark needs at least one model to hear what is in a track, and none of those that are chosen can be used. Choose another in the settings, or install Earmark again to get those it comes with.</source>
        <translation>Earmark braucht mindestens ein Modell, um ein Stück zu hören, und keines der gewählten lässt sich verwenden. Wähle ein anderes in den Einstellungen oder installiere Earmark neu, um die mitgelieferten zu erhalten.</translation>
    </message>
</context>
<context>
    <name>Player</name>
    <message>
        <source>The audio device refuses to play: %1</source>
        <translation>Das Audiogerät spielt nicht ab: %1</translation>
    </message>
    <message>
        <source>No audio device: preview is silent</source>
        <translation>Kein Audiogerät: die Vorschau bleibt stumm</translation>
    </message>
    <message>
        <source>The sound stops here: %1</source>
        <translation>Der Klang endet hier: %1</translation>
    </message>
</context>
<context>
    <name>ProgressStrip</name>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>What is going on</source>
        <translation>Was gerade geschieht</translation>
    </message>
    <message>
        <source>%1 per second</source>
        <translation>%1 pro Sekunde</translation>
    </message>
    <message>
        <source>%1 left</source>
        <translation>noch %1</translation>
    </message>
    <message numerus="yes">
        <source>%Ln failed</source>
        <translation>
            <numerusform>%Ln fehlgeschlagen</numerusform>
            <numerusform>%Ln fehlgeschlagen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Looking for music: %Ln track(s) so far</source>
        <translation>
            <numerusform>Suche nach Musik: bisher %Ln Stück</numerusform>
            <numerusform>Suche nach Musik: bisher %Ln Stücke</numerusform>
        </translation>
    </message>
    <message>
        <source>Loading the models…</source>
        <translation>Modelle werden geladen …</translation>
    </message>
    <message>
        <source>Analysing %1</source>
        <translation>Analysiere %1</translation>
    </message>
    <message>
        <source>Paused at %1</source>
        <translation>Angehalten bei %1</translation>
    </message>
    <message>
        <source>Stopping; what was done is kept…</source>
        <translation>Wird angehalten; Erledigtes bleibt …</translation>
    </message>
    <message>
        <source>Writing %1</source>
        <translation>Schreibe %1</translation>
    </message>
    <message>
        <source>Taking back %1</source>
        <translation>Nehme zurück %1</translation>
    </message>
    <message>
        <source>%1 of %2 tracks analysed</source>
        <translation>%1 von %2 Stücken analysiert</translation>
    </message>
    <message numerus="yes">
        <source>%Ln track(s) analysed</source>
        <translation>
            <numerusform>%Ln Stück analysiert</numerusform>
            <numerusform>%Ln Stücke analysiert</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Reasons</name>
    <message>
        <source>unwanted in the settings</source>
        <translation>in den Einstellungen ausgeschlossen</translation>
    </message>
    <message>
        <source>contradicts %1 in the file</source>
        <translation>widerspricht %1 in der Datei</translation>
    </message>
    <message>
        <source>less likely than %1</source>
        <translation>unwahrscheinlicher als %1</translation>
    </message>
    <message>
        <source>more suggestions than wanted</source>
        <translation>mehr Vorschläge als gewünscht</translation>
    </message>
    <message>
        <source>in the file already</source>
        <translation>schon in der Datei</translation>
    </message>
    <message>
        <source>not written by the preset %1</source>
        <translation>wird von der Vorlage %1 nicht geschrieben</translation>
    </message>
</context>
<context>
    <name>SettingsPage</name>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Automatisch</translation>
    </message>
    <message>
        <source>Where the models run. Automatic takes the fastest that works.</source>
        <translation>Wo die Modelle laufen. Automatisch nimmt das schnellste, das funktioniert.</translation>
    </message>
    <message>
        <source>In use now: %1.</source>
        <translation>Jetzt in Gebrauch: %1.</translation>
    </message>
    <message>
        <source>Not loaded yet.</source>
        <translation>Noch nicht geladen.</translation>
    </message>
    <message>
        <source>At least one model has to listen; the last choice stays in force.</source>
        <translation>Mindestens ein Modell muss hören; die letzte Wahl bleibt in Kraft.</translation>
    </message>
    <message>
        <source>Listening</source>
        <translation>Hören</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>Those that are ticked listen to every track; several vote together. Other models listen anew.</source>
        <translation>Die angehakten hören jedes Stück; mehrere stimmen gemeinsam ab. Andere Modelle hören neu an.</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>Gerät</translation>
    </message>
    <message>
        <source>Tracks at the same time</source>
        <translation>Stücke gleichzeitig</translation>
    </message>
    <message>
        <source>Suggesting</source>
        <translation>Vorschlagen</translation>
    </message>
    <message>
        <source>Strict</source>
        <translation>Streng</translation>
    </message>
    <message>
        <source>Balanced</source>
        <translation>Ausgewogen</translation>
    </message>
    <message>
        <source>Quick</source>
        <translation>Schnell</translation>
    </message>
    <message>
        <source>Full</source>
        <translation>Vollständig</translation>
    </message>
    <message>
        <source>Effort</source>
        <translation>Gründlichkeit</translation>
    </message>
    <message>
        <source>Full listens to all of a track. Balanced listens to about half of it and quick to a third, in places all over it: that is faster, and most suggestions stay the same. More effort listens anew.</source>
        <translation>Vollständig hört das ganze Stück. Ausgewogen hört etwa die Hälfte davon und schnell ein Drittel, an Stellen über das ganze Stück verteilt: das geht schneller, und die meisten Vorschläge bleiben gleich. Mehr Gründlichkeit hört von Neuem.</translation>
    </message>
    <message>
        <source>Automatic is one less than there are cores. Fewer leave more of the machine to other programs.</source>
        <translation>Automatisch ist eines weniger, als es Kerne gibt. Weniger lassen anderen Programmen mehr vom Rechner.</translation>
    </message>
    <message>
        <source>Generous</source>
        <translation>Großzügig</translation>
    </message>
    <message>
        <source>Thresholds</source>
        <translation>Schwellen</translation>
    </message>
    <message>
        <source>Strict suggests few sure tags, generous suggests many. Single tags can have their own threshold.</source>
        <translation>Streng schlägt wenige sichere Tags vor, großzügig viele. Einzelne Tags können eine eigene Schwelle haben.</translation>
    </message>
    <message>
        <source>Writing</source>
        <translation>Schreiben</translation>
    </message>
    <message>
        <source>Preset: what goes where</source>
        <translation>Vorlage: was wohin kommt</translation>
    </message>
    <message>
        <source>Merge</source>
        <translation>Zusammenführen</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>Ersetzen</translation>
    </message>
    <message>
        <source>Fill empty fields</source>
        <translation>Leere Felder füllen</translation>
    </message>
    <message>
        <source>Values that are there already</source>
        <translation>Werte, die schon da sind</translation>
    </message>
    <message>
        <source>Merge keeps them and adds; replace lets them make way for new ones; fill leaves fields alone that say anything.</source>
        <translation>Zusammenführen behält sie und ergänzt; Ersetzen lässt sie neuen weichen; Füllen lässt Felder in Ruhe, in denen etwas steht.</translation>
    </message>
    <message>
        <source>Audiobook, Christmas</source>
        <translation>Hörbuch, Weihnachten</translation>
    </message>
    <message>
        <source>Protected values</source>
        <translation>Geschützte Werte</translation>
    </message>
    <message>
        <source>Replace never takes these out. Separate them with commas.</source>
        <translation>Ersetzen entfernt diese nie. Mit Kommas trennen.</translation>
    </message>
    <message>
        <source>Keep the time of change</source>
        <translation>Änderungszeit behalten</translation>
    </message>
    <message>
        <source>Files keep their date; programs that look for changed files will not notice.</source>
        <translation>Dateien behalten ihr Datum; Programme, die nach geänderten Dateien suchen, merken nichts.</translation>
    </message>
    <message>
        <source>Write files that have several names</source>
        <translation>Dateien mit mehreren Namen schreiben</translation>
    </message>
    <message>
        <source>The file is written under this name; its other names keep the old tags.</source>
        <translation>Geschrieben wird unter diesem Namen; die anderen Namen behalten die alten Tags.</translation>
    </message>
    <message>
        <source>Room for undoing</source>
        <translation>Platz zum Zurücknehmen</translation>
    </message>
    <message>
        <source>Above it, runs older than 30 days can be undone in their fields, but not byte for byte.</source>
        <translation>Darüber lassen sich Läufe, die älter als 30 Tage sind, nur noch in ihren Feldern zurücknehmen, nicht Byte für Byte.</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>Fenster</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>Aussehen</translation>
    </message>
    <message>
        <source>Light or dark, or what the system says.</source>
        <translation>Hell oder dunkel, oder was das System vorgibt.</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>Of the window; tags stay as they are.</source>
        <translation>Des Fensters; Tags bleiben, wie sie sind.</translation>
    </message>
    <message>
        <source>Yes</source>
        <translation>Ja</translation>
    </message>
    <message>
        <source>several values become one text, for older players</source>
        <translation>mehrere Werte werden ein Text, für ältere Abspieler</translation>
    </message>
    <message>
        <source>moods are repeated in the comment</source>
        <translation>Stimmungen stehen noch einmal im Kommentar</translation>
    </message>
</context>
<context>
    <name>ShortcutSheet</name>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>Search the shortcuts</source>
        <translation>Tastenkürzel durchsuchen</translation>
    </message>
    <message>
        <source>Single keys rest while you type into a field. Esc closes this sheet.</source>
        <translation>Einzelne Tasten ruhen, während du in ein Feld schreibst. Esc schließt diese Übersicht.</translation>
    </message>
    <message>
        <source>Shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>Toggle suggestion 1 to 9</source>
        <translation>Vorschlag 1 bis 9 an- oder abhaken</translation>
    </message>
</context>
<context>
    <name>SoundPanel</name>
    <message>
        <source>Try again</source>
        <translation>Erneut versuchen</translation>
    </message>
    <message>
        <source>Drawing the sound…</source>
        <translation>Der Klang wird gezeichnet …</translation>
    </message>
    <message>
        <source>%1 % of the track was listened to; the hatched gaps were not.</source>
        <translation>%1 % des Stücks wurden gehört, die schraffierten Lücken nicht.</translation>
    </message>
    <message>
        <source>Show the waveform</source>
        <translation>Wellenform zeigen</translation>
    </message>
    <message>
        <source>Show the log-mel spectrogram</source>
        <translation>Log-Mel-Spektrogramm zeigen</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>Abspielen</translation>
    </message>
    <message>
        <source>Play or pause (Space)</source>
        <translation>Abspielen oder anhalten (Leertaste)</translation>
    </message>
</context>
<context>
    <name>SpectrogramView</name>
    <message>
        <source>Log-mel spectrogram: click to hear a moment</source>
        <translation>Log-Mel-Spektrogramm: Klick spielt den Moment</translation>
    </message>
</context>
<context>
    <name>SuggestionList</name>
    <message>
        <source>Suggested tags</source>
        <translation>Vorgeschlagene Tags</translation>
    </message>
</context>
<context>
    <name>SuggestionModel</name>
    <message>
        <source>on %1 of %2</source>
        <translation>bei %1 von %2</translation>
    </message>
    <message>
        <source>no model knows this tag</source>
        <translation>kein Modell kennt dieses Tag</translation>
    </message>
    <message>
        <source>heard with %1, needed %2</source>
        <translation>gehört mit %1, nötig %2</translation>
    </message>
    <message>
        <source>by hand</source>
        <translation>von Hand</translation>
    </message>
    <message>
        <source>key %1</source>
        <translation>Taste %1</translation>
    </message>
    <message>
        <source>ticked on some</source>
        <translation>bei einigen angehakt</translation>
    </message>
    <message>
        <source>ticked</source>
        <translation>angehakt</translation>
    </message>
    <message>
        <source>not ticked</source>
        <translation>nicht angehakt</translation>
    </message>
</context>
<context>
    <name>TagDetail</name>
    <message>
        <source>fires on %1 of your library</source>
        <translation>trifft auf %1 deiner Sammlung zu</translation>
    </message>
    <message>
        <source>decided by hand</source>
        <translation>von Hand entschieden</translation>
    </message>
    <message>
        <source>%1: %2 %3 (threshold %4)</source>
        <translation>%1: %2 %3 (Schwelle %4)</translation>
    </message>
    <message>
        <source>Threshold</source>
        <translation>Schwelle</translation>
    </message>
    <message>
        <source>Back to the profile</source>
        <translation>Zurück zum Profil</translation>
    </message>
    <message>
        <source>Threshold of %1</source>
        <translation>Schwelle von %1</translation>
    </message>
    <message>
        <source>Threshold of %1 back to the profile</source>
        <translation>Schwelle von %1 zurück zum Profil</translation>
    </message>
</context>
<context>
    <name>TagEditor</name>
    <message>
        <source>Name of a tag</source>
        <translation>Name eines Tags</translation>
    </message>
    <message>
        <source>Name of the tag to add</source>
        <translation>Name des neuen Tags</translation>
    </message>
    <message>
        <source>Category of the new tag</source>
        <translation>Art des neuen Tags</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>Hinzufügen</translation>
    </message>
    <message>
        <source>“%1” is new: what kind of tag is it? Enter adds it.</source>
        <translation>„%1“ ist neu: Welche Art Tag ist es? Enter fügt es hinzu.</translation>
    </message>
</context>
<context>
    <name>TagFilterPanel</name>
    <message>
        <source>All tracks</source>
        <translation>Alle Stücke</translation>
    </message>
    <message>
        <source>Show tracks whatever their tags</source>
        <translation>Stücke mit beliebigen Tags zeigen</translation>
    </message>
    <message>
        <source>Find a tag</source>
        <translation>Tag suchen</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation>Tags</translation>
    </message>
</context>
<context>
    <name>TagList</name>
    <message>
        <source>{0} ({1}): ticked on {2}</source>
        <translation>{0} ({1}): angehakt: {2}</translation>
    </message>
</context>
<context>
    <name>TagListView</name>
    <message>
        <source>Tags by number of tracks</source>
        <translation>Tags nach Anzahl der Stücke</translation>
    </message>
</context>
<context>
    <name>TagPage</name>
    <message>
        <source>Logarithmic</source>
        <translation>Logarithmisch</translation>
    </message>
    <message>
        <source>Ten times as many tracks are one step higher</source>
        <translation>Zehnmal so viele Stücke sind eine Stufe höher</translation>
    </message>
    <message>
        <source>Logarithmic scale of the histogram</source>
        <translation>Logarithmische Achse des Histogramms</translation>
    </message>
    <message>
        <source>Back to the profile</source>
        <translation>Zurück zum Profil</translation>
    </message>
    <message>
        <source>Forget your own threshold for this tag and use that of the profile</source>
        <translation>Deine Schwelle für dieses Tag vergessen und die des Profils verwenden</translation>
    </message>
    <message>
        <source>suggested on %1 % of what was heard</source>
        <translation>vorgeschlagen bei %1 % des Gehörten</translation>
    </message>
    <message>
        <source>%1 at or above %2, %3 of them undecided; %4 below</source>
        <translation>%1 ab %2, davon %3 unentschieden; %4 darunter</translation>
    </message>
    <message>
        <source>Accept %1 on %2 above</source>
        <translation>%1 annehmen (%2 darüber)</translation>
    </message>
    <message>
        <source>Reject on %1 below</source>
        <translation>Ablehnen (%1 darunter)</translation>
    </message>
    <message>
        <source>No tag is chosen</source>
        <translation>Kein Tag ist gewählt</translation>
    </message>
    <message>
        <source>choose one in the list</source>
        <translation>wähle eines in der Liste</translation>
    </message>
    <message>
        <source>Accept</source>
        <translation>Annehmen</translation>
    </message>
    <message>
        <source>Reject</source>
        <translation>Ablehnen</translation>
    </message>
    <message>
        <source>“%1” was right %2 % of the time from %3 on</source>
        <translation>„%1“ stimmte zu %2 % ab %3</translation>
    </message>
    <message>
        <source>%1 on test music: %2</source>
        <translation>%1 auf Testmusik: %2</translation>
    </message>
</context>
<context>
    <name>TaggramView</name>
    <message>
        <source>Tags over time: click to hear a moment</source>
        <translation>Tags im Verlauf: Klick spielt den Moment</translation>
    </message>
    <message>
        <source>not listened to at %1</source>
        <translation>nicht gehört bei %1</translation>
    </message>
    <message>
        <source>%1 %2 at %3</source>
        <translation>%1 %2 bei %3</translation>
    </message>
</context>
<context>
    <name>Teller</name>
    <message>
        <source>internal error: {error} (details in {file})</source>
        <translation>interner Fehler: {error} (Einzelheiten in {file})</translation>
    </message>
    <message>
        <source>Earmark is at work on your files; wait for it, or cancel it.</source>
        <translation>Earmark arbeitet gerade an deinen Dateien; warte oder brich ab.</translation>
    </message>
    <message>
        <source>Looking for music was stopped; add the folder again to find the rest.</source>
        <translation>Die Suche nach Musik wurde abgebrochen; füge den Ordner erneut hinzu, um den Rest zu finden.</translation>
    </message>
    <message numerus="yes">
        <source>; and %n other place(s)</source>
        <translation>
            <numerusform>; und %n weitere Stelle</numerusform>
            <numerusform>; und %n weitere Stellen</numerusform>
        </translation>
    </message>
    <message>
        <source>Earmark was ended while it was writing.</source>
        <translation>Earmark wurde beim Schreiben beendet.</translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) had been written, each whole.</source>
        <translation>
            <numerusform>%n Datei war geschrieben, vollständig.</numerusform>
            <numerusform>%n Dateien waren geschrieben, jede vollständig.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Changed or moved since (%n file(s)):</source>
        <translation>
            <numerusform>Seither geändert oder verschoben (%n Datei):</numerusform>
            <numerusform>Seither geändert oder verschoben (%n Dateien):</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ThresholdBar</name>
    <message>
        <source>Back to the thresholds of all tags</source>
        <translation>Zurück zu den Schwellen aller Tags</translation>
    </message>
    <message>
        <source>Threshold</source>
        <translation>Schwelle</translation>
    </message>
    <message>
        <source>Profile of thresholds</source>
        <translation>Profil der Schwellen</translation>
    </message>
    <message>
        <source>Each tag has its own fitted threshold; the profile moves them all</source>
        <translation>Jedes Tag hat seine eigene angepasste Schwelle; das Profil verschiebt alle</translation>
    </message>
    <message>
        <source>Strict</source>
        <translation>Streng</translation>
    </message>
    <message>
        <source>Balanced</source>
        <translation>Ausgewogen</translation>
    </message>
    <message>
        <source>Generous</source>
        <translation>Großzügig</translation>
    </message>
    <message>
        <source>Fewer tags, and those are nearly always right</source>
        <translation>Weniger Tags, und die stimmen fast immer</translation>
    </message>
    <message>
        <source>As many right tags as wrong ones are worth</source>
        <translation>So viele richtige Tags, wie falsche wert sind</translation>
    </message>
    <message>
        <source>More tags, with more wrong ones among them</source>
        <translation>Mehr Tags, darunter mehr falsche</translation>
    </message>
    <message>
        <source>Back to the threshold of the profile</source>
        <translation>Zurück zur Schwelle des Profils</translation>
    </message>
    <message>
        <source>Accept all ready</source>
        <translation>Alle bereiten annehmen</translation>
    </message>
    <message>
        <source>Accept every track of the group Ready. Nothing is written before you press Write. (Ctrl+Shift+A)</source>
        <translation>Jedes Stück der Gruppe „Bereit“ annehmen. Geschrieben wird erst, wenn du „Schreiben“ drückst. (Strg+Umschalt+A)</translation>
    </message>
    <message>
        <source>All tags</source>
        <translation>Alle Tags</translation>
    </message>
    <message>
        <source>Accepting %1 on %2</source>
        <translation>Angenommen würden %1 (%2)</translation>
    </message>
    <message>
        <source>Each tag has its own threshold, from the profile; move the handle to give all tags the same one.</source>
        <translation>Jedes Tag hat seine eigene Schwelle aus dem Profil; der Griff gibt allen dieselbe.</translation>
    </message>
    <message>
        <source>A tag is ticked where the models are at least this sure: further right means fewer and surer tags.</source>
        <translation>Ein Tag ist angehakt, wo die Modelle mindestens so sicher sind: weiter rechts heißt weniger und sicherere Tags.</translation>
    </message>
    <message>
        <source>%1 is ticked where the models are at least this sure: further right means fewer and surer tracks. Now it fires on %2 % of your library.</source>
        <translation>%1 ist angehakt, wo die Modelle mindestens so sicher sind: weiter rechts heißt weniger und sicherere Stücke. Jetzt trifft es auf %2 % deiner Sammlung zu.</translation>
    </message>
    <message numerus="yes">
        <source>Not counted: %Ln ready track(s) that cannot be written.</source>
        <translation>
            <numerusform>Nicht mitgezählt: %Ln bereites Stück, das nicht geschrieben werden kann.</numerusform>
            <numerusform>Nicht mitgezählt: %Ln bereite Stücke, die nicht geschrieben werden können.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TimeAxis</name>
    <message>
        <source>Time axis</source>
        <translation>Zeitachse</translation>
    </message>
</context>
<context>
    <name>TopBar</name>
    <message>
        <source>See exactly what would be written, then write it (Ctrl+S)</source>
        <translation>Genau sehen, was geschrieben würde, dann schreiben (Strg+S)</translation>
    </message>
    <message>
        <source>Write %1…</source>
        <translation>%1 schreiben …</translation>
    </message>
    <message>
        <source>Write %1 to %2</source>
        <translation>%1 in %2 schreiben</translation>
    </message>
    <message>
        <source>Write…</source>
        <translation>Schreiben …</translation>
    </message>
    <message>
        <source>Write: nothing is accepted yet</source>
        <translation>Schreiben: noch ist nichts angenommen</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
    <message>
        <source>Find title, artist or file</source>
        <translation>Titel, Interpret oder Datei suchen</translation>
    </message>
    <message>
        <source>Find tracks</source>
        <translation>Stücke suchen</translation>
    </message>
    <message>
        <source>Shows only tracks with this in their title, artist, album or file name (Ctrl+F)</source>
        <translation>Zeigt nur Stücke, die das in Titel, Interpret, Album oder Dateiname haben (Strg+F)</translation>
    </message>
</context>
<context>
    <name>TrackHeader</name>
    <message>
        <source>Retry</source>
        <translation>Erneut versuchen</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>Im Ordner zeigen</translation>
    </message>
</context>
<context>
    <name>TrackTable</name>
    <message>
        <source>The file says it already.</source>
        <translation>Die Datei sagt es schon.</translation>
    </message>
    <message>
        <source>Not written, as the preset has no field for it.</source>
        <translation>Wird nicht geschrieben, da die Vorlage kein Feld dafür hat.</translation>
    </message>
    <message>
        <source>%1: probability %2, threshold %3</source>
        <translation>%1: Wahrscheinlichkeit %2, Schwelle %3</translation>
    </message>
    <message>
        <source>%1, ticked by you</source>
        <translation>%1, von dir angehakt</translation>
    </message>
    <message>
        <source>%1, unticked by you</source>
        <translation>%1, von dir abgehakt</translation>
    </message>
    <message>
        <source>%1, ticked</source>
        <translation>%1, angehakt</translation>
    </message>
    <message>
        <source>%1, not ticked</source>
        <translation>%1, nicht angehakt</translation>
    </message>
</context>
<context>
    <name>TrackView</name>
    <message>
        <source>Tracks</source>
        <translation>Stücke</translation>
    </message>
</context>
<context>
    <name>TracksMode</name>
    <message>
        <source>The tracks appear here as soon as the first one is found.</source>
        <translation>Die Stücke erscheinen hier, sobald das erste gefunden ist.</translation>
    </message>
    <message>
        <source>with “%1” in its name</source>
        <translation>mit „%1“ im Namen</translation>
    </message>
    <message>
        <source>with the tag %1</source>
        <translation>mit dem Tag %1</translation>
    </message>
    <message>
        <source>in the group %1</source>
        <translation>in der Gruppe %1</translation>
    </message>
    <message>
        <source>No track %1.</source>
        <translation>Kein Stück %1.</translation>
    </message>
    <message>
        <source> and </source>
        <translation> und </translation>
    </message>
</context>
<context>
    <name>TriageList</name>
    <message>
        <source>Every track of the open folders.</source>
        <translation>Alle Stücke der geöffneten Ordner.</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Alle</translation>
    </message>
</context>
<context>
    <name>TriagePanel</name>
    <message>
        <source>Groups of tracks</source>
        <translation>Gruppen von Stücken</translation>
    </message>
    <message>
        <source>Triage</source>
        <translation>Sichtung</translation>
    </message>
</context>
<context>
    <name>WaveformView</name>
    <message>
        <source>Waveform: click to hear a moment</source>
        <translation>Wellenform: Klick spielt den Moment</translation>
    </message>
</context>
<context>
    <name>Words</name>
    <message>
        <source>less than a minute</source>
        <translation>weniger als eine Minute</translation>
    </message>
    <message numerus="yes">
        <source>%Ln min</source>
        <translation>
            <numerusform>%Ln min</numerusform>
            <numerusform>%Ln min</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <translation>%1 h %2 min</translation>
    </message>
    <message numerus="yes">
        <source>%Ln track(s)</source>
        <translation>
            <numerusform>%Ln Stück</numerusform>
            <numerusform>%Ln Stücke</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln file(s)</source>
        <translation>
            <numerusform>%Ln Datei</numerusform>
            <numerusform>%Ln Dateien</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln tag(s)</source>
        <translation>
            <numerusform>%Ln Tag</numerusform>
            <numerusform>%Ln Tags</numerusform>
        </translation>
    </message>
    <message>
        <source>genre</source>
        <translation>Genre</translation>
    </message>
    <message>
        <source>instruments</source>
        <translation>Instrumente</translation>
    </message>
    <message>
        <source>mood</source>
        <translation>Stimmung</translation>
    </message>
    <message>
        <source>vocals</source>
        <translation>Gesang</translation>
    </message>
    <message>
        <source>tempo</source>
        <translation>Tempo</translation>
    </message>
    <message>
        <source>era</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>other</source>
        <translation>Anderes</translation>
    </message>
    <message>
        <source>Standard</source>
        <translation>Standard</translation>
    </message>
    <message>
        <source>Compatible</source>
        <translation>Kompatibel</translation>
    </message>
    <message>
        <source>DJ</source>
        <translation>DJ</translation>
    </message>
    <message>
        <source>Genre only</source>
        <translation>Nur Genre</translation>
    </message>
    <message>
        <source>Custom</source>
        <translation>Eigene</translation>
    </message>
    <message>
        <source>Present values stay, new ones are added.</source>
        <translation>Vorhandene Werte bleiben, neue kommen dazu.</translation>
    </message>
    <message>
        <source>Present values make way for new ones, except protected values.</source>
        <translation>Vorhandene Werte weichen neuen, außer geschützte.</translation>
    </message>
    <message>
        <source>Only empty fields are written.</source>
        <translation>Nur leere Felder werden geschrieben.</translation>
    </message>
</context>
<context>
    <name>WriteReviewModel</name>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Field</source>
        <translation>Feld</translation>
    </message>
    <message>
        <source>What changes</source>
        <translation>Was sich ändert</translation>
    </message>
    <message>
        <source>not written: %1</source>
        <translation>nicht geschrieben: %1</translation>
    </message>
</context>
<context>
    <name>WriteReviewPage</name>
    <message>
        <source>Write review</source>
        <translation>Vor dem Schreiben</translation>
    </message>
    <message>
        <source>Reading the files to see exactly what would change…</source>
        <translation>Die Dateien werden gelesen, um genau zu sehen, was sich ändern würde …</translation>
    </message>
    <message>
        <source>Working out the changes…</source>
        <translation>Änderungen werden ermittelt …</translation>
    </message>
    <message>
        <source>Write</source>
        <translation>Schreiben</translation>
    </message>
    <message numerus="yes">
        <source>Show only the %Ln file(s) that cannot be written</source>
        <translation>
            <numerusform>Nur die %Ln Datei zeigen, die nicht geschrieben werden kann</numerusform>
            <numerusform>Nur die %Ln Dateien zeigen, die nicht geschrieben werden können</numerusform>
        </translation>
    </message>
    <message>
        <source>Write %1 to %2</source>
        <translation>%1 in %2 schreiben</translation>
    </message>
    <message>
        <source>Writing file %1 of %2</source>
        <translation>Schreibe Datei %1 von %2</translation>
    </message>
    <message>
        <source>Nothing can be written: the list says why.</source>
        <translation>Nichts kann geschrieben werden: die Liste sagt, warum.</translation>
    </message>
    <message>
        <source>Nothing would change: the files say all of it already.</source>
        <translation>Nichts würde sich ändern: die Dateien sagen schon alles.</translation>
    </message>
    <message>
        <source>%1 will be written to %2, in %3.</source>
        <translation>%1 werden in %2 geschrieben, in %3.</translation>
    </message>
    <message numerus="yes">
        <source>%Ln field(s)</source>
        <translation>
            <numerusform>%Ln Feld</numerusform>
            <numerusform>%Ln Felder</numerusform>
        </translation>
    </message>
    <message>
        <source>Preset “%1”: %2. %3</source>
        <translation>Vorlage „%1“: %2. %3</translation>
    </message>
    <message>
        <source>Change in the settings</source>
        <translation>In den Einstellungen ändern</translation>
    </message>
    <message>
        <source>What would be written, file by file</source>
        <translation>Was geschrieben würde, Datei für Datei</translation>
    </message>
    <message>
        <source>Files written</source>
        <translation>Geschriebene Dateien</translation>
    </message>
    <message>
        <source>Nothing has been touched yet. Every write can be undone.</source>
        <translation>Noch ist nichts berührt. Jedes Schreiben lässt sich zurücknehmen.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Ctrl+Enter</source>
        <translation>Strg+Enter</translation>
    </message>
</context>
<context>
    <name>_Nothing</name>
    <message>
        <source>Clear filter</source>
        <translation>Filter löschen</translation>
    </message>
</context>
<context>
    <name>_TagView</name>
    <message>
        <source>Tags</source>
        <translation>Tags</translation>
    </message>
</context>
</TS>
