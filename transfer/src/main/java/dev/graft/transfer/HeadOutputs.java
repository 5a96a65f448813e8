package dev.graft.transfer;

import dev.graft.transfer.training.Activations;
import dev.graft.transfer.training.ClassifierHead;
import dev.graft.transfer.training.ExampleTable;
import dev.graft.transfer.training.FrozenPrefix;
import dev.graft.transfer.training.Softmax;
import java.util.ArrayList;
import java.util.List;

/** Outputs of a head on the features of the frozen trunk. */
record HeadOutputs(ClassifierHead head, FrozenPrefix trunk) {
  List<float[]> logits(ExampleTable table) {
    Activations activations = trunk.of(table);
    List<float[]> rows = new ArrayList<>();
    float[] features = new float[activations.width()];
    for (int row = 0; row < table.size(); row++) {
      activations.read(row, 0, features);
      rows.add(head.logits(features));
    }
    return rows;
  }

  /** Probabilities [examples, classes]. */
  float[] probabilities(ExampleTable table) {
    int classes = head.classes();
    float[] all = new float[table.size() * classes];
    List<float[]> logits = logits(table);
    for (int row = 0; row < logits.size(); row++) {
      System.arraycopy(Softmax.of(logits.get(row)), 0, all, row * classes, classes);
    }
    return all;
  }
}
