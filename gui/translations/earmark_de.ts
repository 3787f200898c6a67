<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>AboutPage</name>
    <message>
        <source>About Earmark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Earmark %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Listens to a music library, suggests tags, and writes those you accept into your files.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Everything happens on this computer: no track and no tag leaves it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Free software under the GNU General Public License, version 3 or later.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The models are those of musicnn by Jordi Pons and Xavier Serra, trained on the data sets MagnaTagATune and Million Song Dataset. THIRD_PARTY_NOTICES.md names every library and its licence.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Actions</name>
    <message>
        <source>&amp;File</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Review</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Listen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Toggle suggestion %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add folder…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open another folder…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Analyse</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pause</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try failed tracks again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Review and write…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write what is listed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Undo the last write</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>History of writes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Undo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Redo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select all tracks shown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select similar tracks</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tracks</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tags</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Map</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show all fields of the file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Command palette</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Back to the tracks</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next track</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Previous track</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next unsure track</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accept the ticked tags</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reject: write nothing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Skip for now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take the decision back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accept all that are ready</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accept the focused tag on the selection</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add or edit a tag</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lower the threshold by 0.01</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Raise the threshold by 0.01</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Play or pause the track</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Earlier strong moment of the tag</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Later strong moment of the tag</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>About Earmark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Toggle a suggestion</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Changes</name>
    <message>
        <source>Accept {tags} on {tracks}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reject {tracks}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Skip {tracks}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reopen {tracks}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tick {tag} on {tracks}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Untick {tag} on {tracks}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accept {tag} on {tracks}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reject {tag} on {tracks}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add {tag} to {tracks}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Threshold of {tag} {value}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Threshold of all tags {value}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Threshold of {tag} as in the profile</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All thresholds as in the profile</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Profile {tag}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write {tracks}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Undo the writing of {tracks}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not written: {tracks}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Retry {tracks}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ChipDelegate</name>
    <message>
        <source>no tag reached its threshold</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ColumnHeader</name>
    <message>
        <source>Columns</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Columns</name>
    <message>
        <source>State</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Title</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Artist</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Suggested</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sure</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Album</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>File</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where the track stands in your review</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Title in the file; the file&apos;s name where it has none</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Artist in the file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ticked tags are filled, near misses are outlines; click one to tick or untick it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How far the least certain ticked tag is above its threshold; 0 % is at it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Album in the file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name of the file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder of the file</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CommandPalette</name>
    <message>
        <source>Type an action, a tag or a folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find a command</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Commands</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Commands</name>
    <message>
        <source>tag</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>folder</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CutList</name>
    <message>
        <source>Tag</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Probability</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Title</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Artist</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>State</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ticked</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ticked by you</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>unticked by you</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CutView</name>
    <message>
        <source>Tracks by probability of the tag</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FinishedPage</name>
    <message>
        <source>Finished</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Files that failed, with the reason</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 on %2 written</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancelled: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The write can be undone now or at any later time, also after a restart.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 put back as before</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%Ln file(s) had changed since: only what Earmark wrote was taken out.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Every one of them is exactly what it was.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%Ln file(s) failed and were left alone:</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Undo write</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show failed</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FirstRun</name>
    <message>
        <source>Tag your music by listening to it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Earmark listens to every track, suggests genre, instruments, mood and vocals, and writes those you accept into your files.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opened before</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drop a music folder here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a folder…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing is written until you press Write, and every write can be undone.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Groups</name>
    <message>
        <source>Waiting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ready</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unsure</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No suggestion</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accepted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Set aside</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Written</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not listened to yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Most of what is new is clearly above its threshold: you can accept these together.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Most of what is new is close to its threshold: look at these first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing new to write: no tag reached its threshold, or the file says it already.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You accepted the tags; they are written when you press Write.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rejected or skipped: nothing is written into these.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The accepted tags are in the file; this can be undone.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Could not be listened to or written; the row says why.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Histogram</name>
    <message>
        <source>Threshold on the histogram of probabilities</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Threshold {value}; the arrow keys move it</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>HistoryModel</name>
    <message>
        <source>When</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>State</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Run %1: wrote %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Run %1: took back run %2 in %3</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>going on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>interrupted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>partly taken back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>taken back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>in the files</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%Ln file(s) in unknown state</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>old bytes not kept any more</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>HistoryPage</name>
    <message>
        <source>History of writes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Files of the run</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Each run can be taken back, byte for byte as long as its files were not changed since.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing was written yet. Every write will be listed here and can be taken back.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Do it again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Undo this run</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Runs, the latest first</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Inspector</name>
    <message>
        <source>Add a tag (E)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Inspector</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The inspector shows the track you select: its sound, its tags over time, the suggestions with their reasons, and what would change in the file.

J and K move between tracks, 1 to 9 tick suggestions, A accepts and X rejects, Space plays, ? lists all keys.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 selected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What you tick, accept or reject here concerns all of them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show all %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show fewer</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Library</name>
    <message>
        <source>internal error: {error} (details in {file})</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Add a folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Undo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Undo %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Redo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Redo %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add a folder with models</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>MapCanvas</name>
    <message>
        <source>Map of tags and tracks</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tab goes from tag to tag, Enter selects the tracks near it, arrows move the map, + and - zoom</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>MapMode</name>
    <message>
        <source>Zoom out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Whole map</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the whole map</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tracks appear here as they are listened to</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 selected of %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tags that mean similar things are neighbours; each track lies among its strongest tags. Drag around tracks to select them; wheel to zoom, right button to move.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>MessageBar</name>
    <message>
        <source>Dismiss the message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%Ln more</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
</context>
<context>
    <name>MetadataDiff</name>
    <message>
        <source>In the file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only changes (D)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All fields (D)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing would change in the file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>removed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>added</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>unchanged</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ModelList</name>
    <message>
        <source>Add a folder with models…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 tags.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Page</name>
    <message>
        <source>Back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Back to the tracks (Esc)</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PageStack</name>
    <message>
        <source>Looking for music…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tracks are listed as soon as they are found.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No music found</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no audio file in what is open. Earmark reads mp3, FLAC, Ogg, Opus, m4a, WAV and more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No model can listen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Earmark needs at least one model to hear what is in a track, and none of those that are chosen can be used. Choose another in the settings, or install Earmark again to get those it comes with.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Player</name>
    <message>
        <source>The audio device refuses to play: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No audio device: preview is silent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The sound stops here: %1</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ProgressStrip</name>
    <message>
        <source>Progress</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What is going on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 per second</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 left</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%Ln failed</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Looking for music: %Ln track(s) so far</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Loading the models…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Analysing %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paused at %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stopping; what was done is kept…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Writing %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Taking back %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 of %2 tracks analysed</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%Ln track(s) analysed</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Reasons</name>
    <message>
        <source>unwanted in the settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>contradicts %1 in the file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>less likely than %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>more suggestions than wanted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>in the file already</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not written by the preset %1</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SettingsPage</name>
    <message>
        <source>Settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where the models run. Automatic takes the fastest that works.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In use now: %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not loaded yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>At least one model has to listen; the last choice stays in force.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Listening</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Models</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Those that are ticked listen to every track; several vote together. Other models listen anew.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Device</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One per core</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tracks at the same time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fewer leave more of the machine to other programs.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Suggesting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Strict</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Balanced</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Generous</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Thresholds</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Strict suggests few sure tags, generous suggests many. Single tags can have their own threshold.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Writing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Preset: what goes where</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Merge</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Replace</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fill empty fields</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Values that are there already</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Merge keeps them and adds; replace lets them make way for new ones; fill leaves fields alone that say anything.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Audiobook, Christmas</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Protected values</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Replace never takes these out. Separate them with commas.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep the time of change</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Files keep their date; programs that look for changed files will not notice.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write files that have several names</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file is written under this name; its other names keep the old tags.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Room for undoing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Above it, runs older than 30 days can be undone in their fields, but not byte for byte.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As the system</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Light</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Theme</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Light or dark, or what the system says.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Language</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Of the window; tags stay as they are.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Yes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>several values become one text, for older players</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>moods are repeated in the comment</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ShortcutSheet</name>
    <message>
        <source>Keyboard shortcuts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search the shortcuts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Single keys rest while you type into a field. Esc closes this sheet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shortcuts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Toggle suggestion 1 to 9</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SoundPanel</name>
    <message>
        <source>Try again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drawing the sound…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the waveform</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the log-mel spectrogram</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pause</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Play</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Play or pause (Space)</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SpectrogramView</name>
    <message>
        <source>Log-mel spectrogram: click to hear a moment</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SuggestionList</name>
    <message>
        <source>Suggested tags</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SuggestionModel</name>
    <message>
        <source>on %1 of %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no model knows this tag</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>heard with %1, needed %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>by hand</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>key %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ticked on some</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ticked</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not ticked</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>TagDetail</name>
    <message>
        <source>fires on %1 of your library</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>decided by hand</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: %2 %3 (threshold %4)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Threshold</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Back to the profile</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Threshold of %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Threshold of %1 back to the profile</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>TagEditor</name>
    <message>
        <source>Name of a tag</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name of the tag to add</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Category of the new tag</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“%1” is new: what kind of tag is it? Enter adds it.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>TagFilterPanel</name>
    <message>
        <source>All tracks</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show tracks whatever their tags</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find a tag</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tags</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>TagList</name>
    <message>
        <source>%1, ticked on %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} ({1}): ticked on {2}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>TagListView</name>
    <message>
        <source>Tags by number of tracks</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>TagPage</name>
    <message>
        <source>Logarithmic</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ten times as many tracks are one step higher</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Logarithmic scale of the histogram</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Threshold of the profile</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Forget your own threshold for this tag</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>suggested on %1 % of what was heard</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 at or above %2, %3 of them undecided; %4 below</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accept %1 on %2 above</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reject on %1 below</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 “%2”: %3 % right from %4 on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>On test music, %1</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>TaggramView</name>
    <message>
        <source>Tags over time: click to hear a moment</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 %2 at %3</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ThresholdBar</name>
    <message>
        <source>Back to the thresholds of all tags</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Threshold</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Profile of thresholds</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Each tag has its own fitted threshold; the profile moves them all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Strict</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Balanced</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Generous</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fewer tags, and those are nearly always right</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As many right tags as wrong ones are worth</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>More tags, with more wrong ones among them</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Back to the threshold of the profile</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accept all ready</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accept every track of the group Ready. Nothing is written before you press Write. (Ctrl+Shift+A)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All tags</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accepting %1 on %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Each tag has its own threshold, from the profile; move the handle to give all tags the same one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A tag is ticked where the models are at least this sure: further right means fewer and surer tags.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is ticked where the models are at least this sure: further right means fewer and surer tracks. Now it fires on %2 % of your library.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>TimeAxis</name>
    <message>
        <source>Time axis</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>TopBar</name>
    <message>
        <source>See exactly what would be written, then write it (Ctrl+S)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write %1…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write %1 to %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write: nothing is accepted yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pause</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find title, artist or file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find tracks</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shows only tracks with this in their title, artist, album or file name (Ctrl+F)</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>TrackHeader</name>
    <message>
        <source>Retry</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>TrackTable</name>
    <message>
        <source>The file says it already.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not written, as the preset has no field for it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: probability %2, threshold %3</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1, ticked by you</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1, unticked by you</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1, ticked</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1, not ticked</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>TrackView</name>
    <message>
        <source>Tracks</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>TracksMode</name>
    <message>
        <source>The tracks appear here as soon as the first one is found.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>with “%1” in its name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>with the tag %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>in the group %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No track %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> and </source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>TriageList</name>
    <message>
        <source>Every track of the open folders.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>TriagePanel</name>
    <message>
        <source>Groups of tracks</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Triage</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>WaveformView</name>
    <message>
        <source>Waveform: click to hear a moment</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Words</name>
    <message>
        <source>less than a minute</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%Ln min</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%Ln track(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln file(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln tag(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>genre</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>instruments</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>mood</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>vocals</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>tempo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>era</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>other</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Standard</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compatible</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>DJ</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Genre only</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Custom</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Present values stay, new ones are added.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Present values make way for new ones, except protected values.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only empty fields are written.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>WriteReviewModel</name>
    <message>
        <source>File</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Field</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What changes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not written: %1</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>WriteReviewPage</name>
    <message>
        <source>Write review</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading the files to see exactly what would change…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Working out the changes…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Show only the %Ln file(s) that cannot be written</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Write %1 to %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Writing file %1 of %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing would change: the files say all of it already.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 will be written to %2, in %3.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%Ln field(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Preset “%1”: %2. %3</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change in the settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What would be written, file by file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Files written</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing has been touched yet. Every write can be undone.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ctrl+Enter</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>_Nothing</name>
    <message>
        <source>Clear filter</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>_TagView</name>
    <message>
        <source>Tags</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
