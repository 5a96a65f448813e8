package dev.graft.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.onnx.Block;
import dev.graft.onnx.Head;
import dev.graft.onnx.LinearHead;
import dev.graft.onnx.NoHead;
import dev.graft.onnx.ValueInfo;
import dev.graft.onnx.WeightLayer;
import dev.graft.onnx.WeightTensor;
import dev.graft.transfer.BackboneFolder;
import java.util.List;
import java.util.Locale;

/** An inspection for programs. */
final class ModelInspectionJson {
  private ModelInspectionJson() {}

  static ObjectNode of(ModelInspection inspection) {
    ObjectNode json = Json.object();
    json.put("file", inspection.file().toString());
    json.put("sha256", inspection.model().sha256());
    json.put("opset", inspection.model().opset());
    ObjectNode opsets = json.putObject("opsets");
    inspection
        .model()
        .opsets()
        .forEach((domain, version) -> opsets.put(domain.isEmpty() ? "ai.onnx" : domain, version));
    json.put("ir_version", inspection.model().irVersion());
    json.put("producer", inspection.model().producer());
    putTensors(json.putArray("inputs"), inspection.model().graph().inputs());
    putTensors(json.putArray("outputs"), inspection.model().graph().outputs());
    json.put("kind", lower(inspection.kind().name()));
    json.put("parameters", inspection.summary().parameterCount());
    json.put("trainable_parameters", inspection.summary().trainableCount());
    inspection.summary().multiplyAdds().ifPresent(count -> json.put("multiply_adds", count));
    ObjectNode operators = json.putObject("operators");
    inspection.summary().operators().forEach(operators::put);
    inspection.head().ifPresent(head -> json.set("head", head(inspection, head)));
    ArrayNode blocks = json.putArray("blocks");
    inspection.blocks().forEach(block -> putBlock(blocks.addObject(), block));
    inspection.cachePoints().forEach(json.putArray("cache_points")::add);
    json.put("usable_as_backbone", inspection.isUsable());
    inspection.problems().forEach(json.putArray("problems")::add);
    return json;
  }

  private static void putTensors(ArrayNode array, List<ValueInfo> tensors) {
    for (ValueInfo tensor : tensors) {
      ObjectNode row = array.addObject();
      row.put("name", tensor.name());
      row.put("type", lower(tensor.type().name()));
      tensor
          .shape()
          .ifPresent(
              shape -> {
                ArrayNode sizes = row.putArray("shape");
                shape.forEach(
                    dimension -> {
                      if (dimension.isFixed()) {
                        sizes.add(dimension.sizeOr(-1));
                      } else {
                        sizes.add(dimension.toString());
                      }
                    });
              });
    }
  }

  private static ObjectNode head(ModelInspection inspection, Head head) {
    ObjectNode json = Json.object();
    json.put("feature_tensor", head.featureTensor());
    json.put("pooling", lower(head.pooling().name()));
    BackboneFolder.statedPooling(inspection.file())
        .ifPresent(stated -> json.put("stated_pooling", lower(stated.name())));
    inspection.trial().ifPresent(trial -> json.put("feature_width", trial.featureWidth()));
    if (head instanceof LinearHead linear) {
      json.put("form", lower(linear.form().name()));
      json.put("weight", linear.weightName());
      linear.biasName().ifPresent(bias -> json.put("bias", bias));
      json.put("features", linear.features());
      json.put("classes", linear.classes());
      json.put("logits_tensor", linear.logitsTensor());
      json.put("output_tensor", linear.outputTensor());
    } else if (head instanceof NoHead none) {
      json.put("form", "none");
      json.put("reason", none.reason());
    }
    inspection
        .trial()
        .flatMap(HeadTrial::proof)
        .ifPresent(
            proof -> {
              ObjectNode evidence = json.putObject("proof");
              evidence.put("holds", proof.holds());
              evidence.put("examples", proof.examples());
              evidence.put("largest_absolute_error", proof.largestAbsoluteError());
              evidence.put("largest_relative_error", proof.largestRelativeError());
            });
    return json;
  }

  private static void putBlock(ObjectNode row, Block block) {
    row.put("name", block.name());
    row.put("input_tensor", block.inputTensor());
    row.put("parameters", block.parameterCount());
    ArrayNode layers = row.putArray("layers");
    for (WeightLayer layer : block.layers()) {
      ObjectNode each = layers.addObject();
      each.put("name", layer.name());
      each.put("operator", layer.operator());
      each.put("parameters", layer.parameterCount());
      layer.tensors().stream().map(WeightTensor::name).forEach(each.putArray("tensors")::add);
    }
  }

  private static String lower(String word) {
    return word.toLowerCase(Locale.ROOT);
  }
}
