package dev.graft.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.runtime.BundleLayout;
import dev.graft.transfer.sharing.SharedModel;
import dev.graft.zoo.hub.ModelReference;
import dev.graft.zoo.hub.PushedModel;
import dev.graft.zoo.hub.RemoteModel;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.Map;
import java.util.Optional;

/**
 * What a push will do and has done, for people and programs.
 *
 * @param endpoint the hub
 * @param remote what it had before
 */
record PushText(ModelReference target, URI endpoint, RemoteModel remote, SharedModel shared) {
  private static final int NAME_WIDTH = 12;

  /**
   * What would be sent.
   *
   * @param sends whether it will be
   */
  String plan(boolean sends) {
    StringBuilder text = new StringBuilder();
    field(
        text,
        "Model",
        target
            + " at "
            + endpoint
            + (remote.exists() ? "" : sends ? ", which is made now" : ", which is not there yet"));
    field(text, "Licence", shared.licence());
    field(text, "Files", Wording.count(shared.sizes().size()) + ", " + Wording.bytes(bytes()));
    for (Map.Entry<String, Long> file : shared.sizes().entrySet()) {
      line(text, "  " + Wording.name(file.getKey()) + "  " + Wording.bytes(file.getValue()));
    }
    if (!shared.leftOut().isEmpty()) {
      line(text, "Stays here");
      shared.leftOut().forEach(sentence -> line(text, "  " + Wording.name(sentence)));
    }
    shared.remarks().forEach(remark -> field(text, "Note", remark));
    if (!sends) {
      line(text, "");
      line(text, "The model card:");
      line(text, "");
      card().lines().forEach(each -> line(text, "  " + Wording.name(each)));
      line(text, "");
      line(
          text,
          remote.exists()
              ? "Nothing was sent."
              : "Nothing was sent. To make it, say so: the same command with --yes");
    }
    return text.toString();
  }

  /** What was sent. */
  String done(PushedModel pushed) {
    StringBuilder text = new StringBuilder();
    field(
        text,
        "Sent",
        Wording.bytes(pushed.sentBytes())
            + " of large files"
            + (pushed.presentBytes() == 0
                ? ""
                : "; " + Wording.bytes(pushed.presentBytes()) + " were there already"));
    if (!pushed.deleted().isEmpty()) {
      field(text, "Deleted", String.join(", ", pushed.deleted()));
    }
    field(text, "Commit", pushed.commit() + "  " + pushed.address());
    pushed.pullRequest().ifPresent(address -> field(text, "Proposal", address));
    if (pushed.pullRequest().isEmpty()) {
      field(text, "Use it", "graft pull " + target + "; graft verify FOLDER checks it");
    }
    return text.toString();
  }

  ObjectNode json(Optional<PushedModel> pushed) {
    ObjectNode json = Json.object();
    json.put("model", target.id().text());
    json.put("revision", target.revision());
    json.put("endpoint", endpoint.toString());
    json.put("existed", remote.exists());
    json.put("licence", shared.licence());
    ObjectNode files = json.putObject("files");
    shared.sizes().forEach(files::put);
    shared.leftOut().forEach(json.putArray("left_out")::add);
    shared.remarks().forEach(json.putArray("notes")::add);
    json.put("sent", pushed.isPresent());
    pushed.ifPresent(
        done -> {
          json.put("commit", done.commit());
          json.put("address", done.address());
          json.put("pull_request", done.pullRequest().orElse(null));
          json.put("sent_bytes", done.sentBytes());
          json.put("present_bytes", done.presentBytes());
          done.deleted().forEach(json.putArray("deleted")::add);
        });
    return json;
  }

  private long bytes() {
    return shared.sizes().values().stream().mapToLong(Long::longValue).sum();
  }

  private String card() {
    try {
      return Files.readString(shared.folder().resolve(BundleLayout.MODEL_CARD));
    } catch (IOException unreadable) {
      return "";
    }
  }

  private static void field(StringBuilder text, String name, String value) {
    line(text, name + " ".repeat(NAME_WIDTH - name.length()) + Wording.name(value));
  }

  private static void line(StringBuilder text, String line) {
    text.append(line).append(System.lineSeparator());
  }
}
