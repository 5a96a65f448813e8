package dev.graft.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.zoo.BackboneKind;
import dev.graft.zoo.BundledBackbone;
import dev.graft.zoo.hub.CacheContents;
import dev.graft.zoo.hub.CachedModel;
import dev.graft.zoo.hub.PublicBackbone;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Backbones as {@code graft models} lists them.
 *
 * @param cache where those of hubs lie
 * @param bundled that come with Graft
 * @param cached that can be backbones
 * @param others in the cache that cannot, for they have no ONNX file
 * @param known public ones
 */
record ModelsOverview(
    Path cache,
    List<BundledBackbone> bundled,
    List<CachedModel> cached,
    List<CachedModel> others,
    List<PublicBackbone> known) {
  private static final int INDENT = 2;
  private static final String UNKNOWN = "unknown";

  /** What there is of one kind, or of all. */
  static ModelsOverview of(Path cache, Optional<BackboneKind> kind) {
    List<CachedModel> all = new CacheContents(cache).models();
    return new ModelsOverview(
        cache,
        BundledBackbone.present().stream()
            .filter(one -> kind.isEmpty() || kind.get() == one.kind())
            .toList(),
        all.stream()
            .filter(CachedModel::hasOnnx)
            .filter(one -> kind.isEmpty() || kind.equals(one.kind()))
            .toList(),
        all.stream().filter(one -> !one.hasOnnx()).toList(),
        PublicBackbone.all().stream()
            .filter(one -> kind.isEmpty() || kind.get() == one.kind())
            .toList());
  }

  private long cachedBytes() {
    return cached.stream().mapToLong(CachedModel::sizeBytes).sum();
  }

  private long otherBytes() {
    return others.stream().mapToLong(CachedModel::sizeBytes).sum();
  }

  // --- for people --------------------------------------------------------------------------------

  /** One line for each, in columns; what is said of public ones is wrapped below them. */
  String text(int columns) {
    List<String> lines = new ArrayList<>();
    lines.add("With Graft");
    table(lines, bundled.stream().map(ModelsOverview::cells).toList());
    lines.add("");
    lines.add("In the cache " + cache + ": " + Wording.bytes(cachedBytes()));
    table(lines, cached.stream().map(ModelsOverview::cells).toList());
    if (!others.isEmpty()) {
      lines.add(
          "  and "
              + Wording.count(others.size(), "model")
              + " without an ONNX file ("
              + Wording.bytes(otherBytes())
              + "), which other tools have put there");
    }
    lines.add("");
    lines.add("Public, to be pulled (graft pull ID)");
    for (PublicBackbone one : known) {
      table(lines, List.of(cells(one)));
      for (String line : Wording.wrapped(one.goodFor() + " (" + one.source() + ")", columns - 6)) {
        lines.add("      " + line);
      }
    }
    return lines.stream()
        .map(Wording::name)
        .map(String::stripTrailing)
        .collect(Collectors.joining(System.lineSeparator(), "", System.lineSeparator()));
  }

  private static List<String> cells(BundledBackbone one) {
    return List.of(
        one.id(), one.kind().word(), Wording.bytes(size(one)), licence(one), one.sourceTask());
  }

  private static List<String> cells(CachedModel one) {
    return List.of(
        one.id().text(),
        one.kind().map(BackboneKind::word).orElse(UNKNOWN),
        Wording.bytes(one.sizeBytes()),
        one.licence().orElse("licence not stated"),
        String.join(", ", one.revisions()));
  }

  private static List<String> cells(PublicBackbone one) {
    return List.of(
        one.id().text(), one.kind().word(), Wording.bytes(one.sizeBytes()), one.licence());
  }

  private static void table(List<String> lines, List<List<String>> rows) {
    if (rows.isEmpty()) {
      lines.add(" ".repeat(INDENT) + "none");
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < row.size(); column++) {
        line.append(" ".repeat(INDENT)).append(row.get(column));
        line.append(" ".repeat(width(rows, column) - row.get(column).length()));
      }
      lines.add(line.toString());
    }
  }

  private static int width(List<List<String>> rows, int column) {
    return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
  }

  private static long size(BundledBackbone one) {
    try {
      return one.sizeBytes();
    } catch (IOException damaged) {
      throw new UncheckedIOException(damaged);
    }
  }

  private static String licence(BundledBackbone one) {
    try {
      return one.card().licence().orElse(UNKNOWN);
    } catch (IOException damaged) {
      throw new UncheckedIOException(damaged);
    }
  }

  // --- for programs ------------------------------------------------------------------------------

  ObjectNode json() {
    ObjectNode json = Json.object();
    ArrayNode withGraft = json.putArray("bundled");
    for (BundledBackbone one : bundled) {
      withGraft
          .addObject()
          .put("id", one.id())
          .put("kind", one.kind().word())
          .put("bytes", size(one))
          .put("licence", licence(one))
          .put("source_task", one.sourceTask());
    }
    json.put("cache", cache.toString());
    json.put("cache_bytes", cachedBytes() + otherBytes());
    ArrayNode local = json.putArray("cached");
    for (CachedModel one : cached) {
      ObjectNode row = local.addObject().put("id", one.id().text());
      row.put("kind", one.kind().map(BackboneKind::word).orElse(null));
      row.put("bytes", one.sizeBytes());
      row.put("licence", one.licence().orElse(null));
      ArrayNode revisions = row.putArray("revisions");
      one.revisions().forEach(revisions::add);
    }
    ArrayNode well = json.putArray("public");
    for (PublicBackbone one : known) {
      well.addObject()
          .put("id", one.id().text())
          .put("kind", one.kind().word())
          .put("bytes", one.sizeBytes())
          .put("licence", one.licence())
          .put("good_for", one.goodFor())
          .put("source", one.source());
    }
    return json;
  }
}
