#!/bin/sh
# Makes the clips of this folder again. Needs Debian 12 (apt-get, dpkg-deb) and ffmpeg with libmp3lame:
#     sh tests/data/music/cut_clips.sh
# README.md beside this script says whose music it is. The clips differ in how they are tagged on purpose:
# every kind of mp3 tag that a library holds should be met by the demo and the tests.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
selftest=$here/../../../tagger_core/data
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

for package in gamine-data freecol marsshooter-data fretsonfire-songs-sectoid miceamaze naev-data gigalomania-data \
    supertuxkart-data; do
    apt-get -q download "$package"
    dpkg-deb -x "$package"_*.deb "$work"
done

games=usr/share/games
ffmpeg="ffmpeg -nostdin -loglevel error -y"
quietly="-map_metadata -1 -fflags +bitexact -flags:a +bitexact"
$ffmpeg -f lavfi -i "gradients=size=300x300:c0=0x203040:c1=0xd09050:n=2:seed=7:duration=1" -frames:v 1 -q:v 8 cover.jpg

# clip START SOURCE NAME TAG-OPTIONS...: 20 seconds as mp3, 128 kbit/s
clip() {
    start=$1 source=$2 name=$3
    shift 3
    $ffmpeg -ss "$start" -t 20 -i "$source" -vn $quietly -c:a libmp3lame -b:a 128k "$@" "$here/$name.mp3"
}

# clip_with_cover: the same, with a front cover
clip_with_cover() {
    start=$1 source=$2 name=$3
    shift 3
    $ffmpeg -ss "$start" -t 20 -i "$source" -i cover.jpg -map 0:a -map 1:v $quietly -c:v copy \
        -metadata:s:v title=cover -metadata:s:v comment="Cover (front)" -c:a libmp3lame -b:a 128k "$@" "$here/$name.mp3"
}

clip 6 $games/gamine/sounds/BachJSBrandenburgConcertNo2inFMajorBWV1047mvmt1.ogg \
    "T. Willhoite - Brandenburg Concerto No 2" -id3v2_version 4 \
    -metadata artist="T. Willhoite" -metadata title="Brandenburg Concerto No 2 in F, 1st movement" \
    -metadata composer="Johann Sebastian Bach" -metadata genre="Baroque"
clip 59.8 $games/freecol/default/resources/music/default/founders.ogg \
    "Zhelanov and Grenborgen - Founders" -id3v2_version 3 -write_id3v1 1 \
    -metadata artist="Alexander Zhelanov and Stian Grenborgen" -metadata title="Founders" \
    -metadata album="FreeCol" -metadata genre="Classical"
clip_with_cover 15 $games/marsshooter/audio/music/07_-_Vermocsar.ogg \
    "Obsidian Shell - Vérmocsár" -id3v2_version 4 -write_id3v1 1 \
    -metadata artist="Obsidian Shell" -metadata title="Vérmocsár" -metadata album="Elysia" -metadata date=2008 \
    -metadata genre="Female Fronted Metal"
clip 59.8 "$games/fretsonfire/data/songs/sectoid/War of freedom/song.ogg" \
    "Sectoid - War of Freedom" -id3v2_version 3 \
    -metadata artist="Sectoid" -metadata title="War of Freedom" -metadata genre="metal"
clip 119.7 "$games/miceamaze/music/Dj_Rkod_Pulse_(George_Ellinas_Remix).ogg" \
    "George Ellinas - Pulse" -id3v2_version 4 \
    -metadata artist="George Ellinas" -metadata title="Dj Rkod - Pulse (George Ellinas Remix)" -metadata album="ccMixter"
# ID3v1 alone: ffmpeg writes it only together with ID3v2, so it is taken from such a file.
void=usr/share/naev/dat/snd/music/void_sensor.ogg
clip 80.8 $void "Zeropage - Void Sensor" -id3v2_version 3 -write_id3v1 1 \
    -metadata artist="Zeropage" -metadata title="Void Sensor" -metadata album="Ambient Pills" -metadata genre="Ambient"
tail -c 128 "$here/Zeropage - Void Sensor.mp3" >id3v1
clip 80.8 $void "Zeropage - Void Sensor" -id3v2_version 0
cat id3v1 >>"$here/Zeropage - Void Sensor.mp3"
clip 80.8 usr/share/gigalomania/music/mainscreen.ogg \
    "Sindre Froyn - Main Screen" -id3v2_version 0
clip_with_cover 41.9 $games/supertuxkart/data/music/alien_signal.ogg \
    "Heuchi1 - Alien Signal" -id3v2_version 3 \
    -metadata artist="Heuchi1" -metadata title="Alien Signal" -metadata album="SuperTuxKart"
clip 95.7 "$games/fretsonfire/data/songs/sectoid/Feelings/song.ogg" \
    "Sectoid - Feelings" -id3v2_version 4 \
    -metadata artist="Sectoid" -metadata title="Feelings" -metadata genre="Rock;Ballad"
clip 0 $games/marsshooter/audio/menu.ogg \
    "Obsidian Shell - Megtört Álom" -id3v2_version 3 \
    -metadata artist="Obsidian Shell" -metadata title="Megtört Álom" -metadata album="Elysia" -metadata date=2008

# The clip of `earmark --selftest`, once for every decoder.
bach=$games/gamine/sounds/BachJSBrandenburgConcertNo2inFMajorBWV1047mvmt1.ogg
$ffmpeg -ss 8 -t 6 -i "$bach" -ac 1 -ar 22050 -c:a pcm_s16le $quietly selftest.wav
$ffmpeg -i selftest.wav $quietly -c:a libmp3lame -b:a 48k -id3v2_version 0 "$selftest/selftest.mp3"
$ffmpeg -i selftest.wav $quietly -c:a flac "$selftest/selftest.flac"
$ffmpeg -i selftest.wav $quietly -c:a libvorbis -b:a 40k "$selftest/selftest.ogg"
$ffmpeg -i selftest.wav $quietly -c:a aac -b:a 48k "$selftest/selftest.m4a"
