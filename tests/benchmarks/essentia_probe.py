"""Listens with Essentia, inside a Python that has it; started by ``essentia_process``.

``essentia_probe.py INPUT OUTPUT GRAPH ...``: the names of the nodes, and the frozen graphs. Prints Essentia's version
when it is ready; then, for each line of JSON, a list of paths, listens to all of them, and prints how many patches it
has heard.
"""

import json
import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import essentia
from essentia.standard import MonoLoader, TensorflowPredictMusiCNN

RATE = 16000
PATCH_FRAMES = 187  # side by side, as Earmark's; Essentia's own default, 93, hears everything twice


def main(source, scores, *graphs):
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what the libraries print is no answer
    networks = [
        TensorflowPredictMusiCNN(graphFilename=graph, input=source, output=scores, patchHopSize=PATCH_FRAMES)
        for graph in graphs
    ]
    print(essentia.__version__, file=answers, flush=True)
    for line in sys.stdin:
        patches = 0
        for path in json.loads(line):
            samples = MonoLoader(filename=path, sampleRate=RATE)()
            patches += sum(len(network(samples)) for network in networks)
        print(patches, file=answers, flush=True)


main(*sys.argv[1:])
