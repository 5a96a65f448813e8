package dev.graft.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The models of the ONNX backend node tests, one operator each: they are read, upgraded and written
 * again, and what shape inference claims is what the suite declares.
 */
@Tag("reference-data")
final class NodeSuiteTest {
  private static Map<String, OnnxModel> models() throws IOException {
    String given = System.getProperty("graft.node-tests");
    Path file =
        given == null
            ? Path.of(System.getProperty("graft.shared", "shared"), "onnx-node-tests.zip")
            : Path.of(System.getProperty("graft.project", "")).resolve(given);
    Assumptions.assumeTrue(Files.exists(file), "reference data absent: " + file);
    Map<String, OnnxModel> models = new LinkedHashMap<>();
    try (ZipFile zip = new ZipFile(file.toFile())) {
      for (var entry : zip.stream().filter(e -> e.getName().endsWith("model.onnx")).toList()) {
        try (InputStream stream = zip.getInputStream(entry)) {
          byte[] bytes = stream.readAllBytes();
          models.put(entry.getName(), OnnxModel.parse(bytes, entry.getName()));
        }
      }
    }
    return models;
  }

  @Test
  void upgradeTo_everyCase_survivesAndKeepsItsInterface() throws IOException {
    Map<String, OnnxModel> models = models();
    assertThat(models.size()).isGreaterThan(600);
    models.forEach(
        (name, model) -> {
          OnnxModel upgraded = model.upgradeTo(Math.max(21, model.opset()));
          assertThat(upgraded.graph().inputs()).as(name).isEqualTo(model.graph().inputs());
          assertThat(upgraded.graph().outputs()).as(name).isEqualTo(model.graph().outputs());
          assertThat(OnnxModel.parse(upgraded.toBytes(), name).opset()).isEqualTo(upgraded.opset());
        });
  }

  @Test
  void infer_everyCase_claimsNothingThatTheSuiteDenies() throws IOException {
    List<String> wrong = new ArrayList<>();
    int known = 0;
    for (Map.Entry<String, OnnxModel> entry : models().entrySet()) {
      OnnxModel model = entry.getValue();
      List<ValueInfo> declared = model.graph().outputs();
      OnnxModel undeclared =
          model
              .edit()
              .clearInnerDeclarations()
              .setOutputs(
                  declared.stream()
                      .map(o -> ValueInfo.ofUnknownShape(o.name(), ElementType.UNDEFINED))
                      .toList())
              .build();
      ShapeInference shapes = ShapeInference.of(undeclared.graph());
      for (ValueInfo output : declared) {
        TensorFacts facts = shapes.facts(output.name());
        long[] inferred = facts.dimensions();
        if (output.shape().isEmpty() || output.type() == ElementType.UNDEFINED) {
          continue;
        }
        boolean typeDenied = facts.type() != ElementType.UNDEFINED && facts.type() != output.type();
        boolean shapeDenied = inferred != null && inferred.length != output.rank();
        for (int i = 0; inferred != null && !shapeDenied && i < inferred.length; i++) {
          shapeDenied =
              inferred[i] != TensorFacts.UNKNOWN
                  && inferred[i] != output.size(i)
                  && output.size(i) >= 0;
        }
        if (typeDenied || shapeDenied) {
          wrong.add(entry.getKey() + ": " + output.describe() + " inferred " + facts);
        }
        known += inferred != null && Arrays.stream(inferred).allMatch(d -> d >= 0) ? 1 : 0;
      }
    }
    assertThat(wrong).isEmpty();
    // Inference that knows nothing would pass as well.
    assertThat(known).isGreaterThan(450);
  }
}
