package dev.graft.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.transfer.BackboneFolder;
import dev.graft.zoo.hub.ModelCard;
import dev.graft.zoo.hub.ModelReference;
import dev.graft.zoo.hub.PulledFile;
import dev.graft.zoo.hub.PulledModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A pulled model for people and for programs: where it lies, its terms, how to use it. */
final class PulledModelText {
  private static final int NAME_WIDTH = 15;
  private static final int SIZE_WIDTH = 9;

  private final PulledModel model;
  private final Optional<ModelCard> card;
  private final List<String> lines = new ArrayList<>();

  PulledModelText(PulledModel model) {
    this.model = model;
    this.card = ModelCard.in(model.folder());
  }

  @Override
  public String toString() {
    lines.clear();
    field("Model", model.reference() + " at commit " + model.commit());
    field("Folder", model.folder().toString());
    field("ONNX file", model.choice());
    String name = "Files";
    for (PulledFile file : model.files()) {
      field(
          name,
          String.format("%" + SIZE_WIDTH + "s  %s", Wording.bytes(file.sizeBytes()), file.name()));
      name = "";
    }
    name = "Model card";
    for (String line : card.map(ModelCard::beginning).orElse(List.of())) {
      field(name, line);
      name = "";
    }
    field("Licence", licence());
    field("Use it", use());
    return lines.stream()
        .map(Wording::name)
        .collect(Collectors.joining(System.lineSeparator(), "", System.lineSeparator()));
  }

  private void field(String name, String value) {
    lines.add(String.format("%-" + NAME_WIDTH + "s%s", name, value));
  }

  private String licence() {
    return card.flatMap(ModelCard::licence)
        .orElse("not stated in its model card; ask its owner before you use it");
  }

  /** A folder that training wrote is used as it is, not trained on. */
  private String use() {
    boolean trained = model.place().equals(model.folder()) && !BackboneFolder.isAt(model.folder());
    return trained
        ? "graft predict " + CommandText.quoted(model.folder().toString()) + " FILE"
        : "graft train DATA --backbone " + CommandText.quoted(place()) + " --out FOLDER";
  }

  /** The id, unless another file than the one that the id alone means was asked for. */
  private String place() {
    return model.place().equals(model.folder())
        ? ModelReference.PREFIX + model.reference()
        : model.place().toString();
  }

  ObjectNode json() {
    ObjectNode json = Json.object();
    json.put("id", model.reference().id().text());
    json.put("revision", model.reference().revision());
    json.put("commit", model.commit());
    json.put("folder", model.folder().toString());
    json.put("onnx_file", model.folder().relativize(model.modelFile()).toString());
    json.put("choice", model.choice());
    json.put("licence", card.flatMap(ModelCard::licence).orElse(null));
    json.put("bytes", model.sizeBytes());
    ArrayNode files = json.putArray("files");
    for (PulledFile file : model.files()) {
      files
          .addObject()
          .put("name", file.name().text())
          .put("bytes", file.sizeBytes())
          .put("sha256", file.sha256());
    }
    json.put("backbone", place());
    return json;
  }
}
