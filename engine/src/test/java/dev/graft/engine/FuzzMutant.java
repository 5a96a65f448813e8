package dev.graft.engine;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Makes the mutant of a seed: always the same one from the same corpus. */
final class FuzzMutant {
  private FuzzMutant() {}

  static FuzzCase of(long seed, FuzzCorpus corpus) throws IOException {
    SplittableRandom random = new SplittableRandom(seed * 0x9e3779b97f4a7c15L);
    FuzzCase base = corpus.draw(random);
    if (random.nextInt(7) == 0) {
      byte[] other = random.nextInt(4) == 0 ? corpus.draw(random).model() : base.model();
      return new FuzzCase(
          base.name(), ByteMutator.mutate(base.model(), other, random), base.inputs());
    }
    ModelProto model = ModelProto.parseFrom(base.model());
    List<TensorProto> inputs = new ArrayList<>(base.inputs());
    boolean frozen = random.nextInt(4) == 0;
    if (!inputs.isEmpty() && random.nextInt(5) < 2) {
      changeInput(inputs, random);
    }
    if (frozen) {
      model = frozen(model, inputs);
    }
    boolean changed = frozen || !inputs.equals(base.inputs());
    if (!changed || random.nextBoolean()) {
      model = GraphMutator.mutate(model, random);
    }
    return new FuzzCase(base.name(), model.toByteArray(), inputs);
  }

  /** What the caller feeds is as hostile as the file. */
  private static void changeInput(List<TensorProto> inputs, SplittableRandom random)
      throws InvalidProtocolBufferException {
    int index = random.nextInt(inputs.size());
    TensorProto.Builder changed = inputs.get(index).toBuilder();
    TensorMutator.mutate(changed, random);
    if (TensorFiles.isSound(changed.build())) {
      inputs.set(index, changed.build());
    }
  }

  /** The inputs as initialisers, so that the graph is computed while it is prepared. */
  private static ModelProto frozen(ModelProto model, List<TensorProto> inputs) {
    GraphProto.Builder graph = model.getGraph().toBuilder();
    int next = 0;
    List<TensorProto> stored = new ArrayList<>();
    for (int i = 0; i < graph.getInputCount() && next < inputs.size(); i++) {
      stored.add(inputs.get(next++).toBuilder().setName(graph.getInput(i).getName()).build());
    }
    // The last one stays free, so that there is something to feed.
    graph.addAllInitializer(stored.subList(0, Math.max(0, stored.size() - 1)));
    return model.toBuilder().setGraph(graph).build();
  }
}
