package dev.graft.zoo.hub;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a hub tells of a model: its commit, its files, and what each of them must hash to. */
final class HubListing {
  /** One page holds a thousand files. */
  private static final int LARGEST_ANSWER_BYTES = 16 << 20;

  private static final int MOST_FILES = 10_000;
  private static final int MOST_PAGES = 100;
  private static final Pattern NEXT = Pattern.compile("<([^>]*)>\\s*;[^,]*rel=\"?next\"?");

  private final HubTransport hub;
  private final String doing;

  /**
   * @param doing what messages begin with
   */
  HubListing(HubTransport hub, String doing) {
    this.hub = hub;
    this.doing = doing;
  }

  /** The commit that a revision stands for. */
  String commit(ModelReference model) {
    URI address =
        hub.address("/api/models/" + model.id() + "/revision/" + encoded(model.revision()));
    try (HubResponse response =
        hub.send(HubRequest.get(address), doing).requireSuccess(doing, "model " + model)) {
      String commit = response.json(doing, LARGEST_ANSWER_BYTES).path("sha").asText("");
      if (!ModelReference.isCommit(commit)
          || (ModelReference.isCommit(model.revision()) && !commit.equals(model.revision()))) {
        throw strange("the commit of " + model, "\"" + commit + "\"");
      }
      return commit;
    }
  }

  /** All files of a commit. */
  List<HubFile> files(RepositoryId id, String commit) {
    List<HubFile> files = new ArrayList<>();
    Set<String> names = new HashSet<>();
    URI address = hub.address("/api/models/" + id + "/tree/" + commit + "?recursive=true");
    for (int page = 0; page < MOST_PAGES; page++) {
      Optional<URI> next;
      try (HubResponse response =
          hub.send(HubRequest.get(address), doing).requireSuccess(doing, "model " + id)) {
        add(response.json(doing, LARGEST_ANSWER_BYTES), files, names);
        next = nextPage(response);
      }
      if (next.isEmpty()) {
        return files;
      }
      address = next.get();
    }
    throw strange("at most " + MOST_PAGES + " pages of files", "more");
  }

  private void add(JsonNode page, List<HubFile> files, Set<String> names) {
    if (!page.isArray()) {
      throw strange("a list of files", "something else");
    }
    for (JsonNode entry : page) {
      String type = entry.path("type").asText("");
      HubFileName name = new HubFileName(entry.path("path").asText(""));
      if (!names.add(name.text()) || names.size() > MOST_FILES) {
        throw strange(
            "at most " + MOST_FILES + " files of different names",
            names.size() > MOST_FILES ? "more" : name + " twice");
      }
      if (type.equals("file")) {
        files.add(new HubFile(name, size(entry), digest(entry)));
      } else if (!type.equals("directory")) {
        throw strange("files and folders", "a \"" + type + "\" called " + name);
      }
    }
  }

  private static long size(JsonNode entry) {
    JsonNode large = entry.path("lfs").path("size");
    JsonNode size = large.isIntegralNumber() ? large : entry.path("size");
    return size.canConvertToLong() && size.isIntegralNumber() ? size.asLong() : -1;
  }

  private BlobDigest digest(JsonNode entry) {
    JsonNode large = entry.path("lfs");
    String text = (large.isObject() ? large : entry).path("oid").asText("");
    return BlobDigest.ofTag(text.replace("sha256:", ""))
        .orElseThrow(
            () -> strange("a digest of " + entry.path("path").asText(""), "\"" + text + "\""));
  }

  /** The next page must lie on the same server, or the token might go astray. */
  private Optional<URI> nextPage(HubResponse response) {
    Optional<String> link = response.header("Link");
    Matcher matcher = NEXT.matcher(link.orElse(""));
    if (!matcher.find()) {
      return Optional.empty();
    }
    try {
      URI next = response.address().resolve(matcher.group(1));
      if (Origin.of(next).equals(Origin.of(response.address()))) {
        return Optional.of(next);
      }
    } catch (IllegalArgumentException noAddress) {
      // Told below, as an address elsewhere is.
    }
    throw strange("the next page of the list on the same server", "another address");
  }

  /**
   * What the hub says of a file when it is asked for it. It must agree with the list: sizes and
   * digests that differ mean that one of them is not of this commit.
   */
  HubFile confirmed(RepositoryId id, String commit, HubFile listed) {
    URI address = address(id, commit, listed.name());
    try (HubResponse response = hub.send(HubRequest.head(address), doing)) {
      if (!response.isRedirect()) {
        response.requireSuccess(doing, listed.name().text());
      }
      Optional<BlobDigest> digest =
          response
              .header("X-Linked-Etag")
              .or(() -> response.isRedirect() ? Optional.empty() : response.header("ETag"))
              .flatMap(BlobDigest::ofTag);
      OptionalLong linked = response.bytes("X-Linked-Size");
      OptionalLong size =
          linked.isPresent() || response.isRedirect() ? linked : response.bytes("Content-Length");
      requireSame(listed, "digest", listed.digest().hex(), digest.map(BlobDigest::hex));
      requireSame(
          listed,
          "size",
          String.valueOf(listed.sizeBytes()),
          size.isPresent() ? Optional.of(String.valueOf(size.getAsLong())) : Optional.empty());
      requireSame(listed, "commit", commit, response.header("X-Repo-Commit"));
      return listed;
    }
  }

  private void requireSame(HubFile file, String what, String listed, Optional<String> told) {
    if (told.isPresent() && !told.get().equals(listed)) {
      throw new HubException(
          HubException.Cause.DAMAGED,
          doing
              + ": for "
              + file.name()
              + " the list of files states the "
              + what
              + " "
              + listed
              + ", but the file itself is announced with "
              + told.get()
              + ". One of them is wrong, so it is not taken; try again later or tell the hub's"
              + " owner.");
    }
  }

  /** Where the content of a file is asked for. */
  URI address(RepositoryId id, String commit, HubFileName name) {
    StringBuilder path = new StringBuilder("/" + id + "/resolve/" + commit);
    for (String part : name.parts()) {
      path.append('/').append(encoded(part));
    }
    return hub.address(path.toString());
  }

  /** Percent-encoded as one part of a path. */
  static String encoded(String part) {
    return java.net.URLEncoder.encode(part, java.nio.charset.StandardCharsets.UTF_8)
        .replace("+", "%20");
  }

  private HubException strange(String expected, String found) {
    return new HubException(
        HubException.Cause.DAMAGED,
        doing
            + ": "
            + expected
            + " is expected from the hub, found "
            + found
            + ". Check its address (HF_ENDPOINT); where it is right, do not use this model.");
  }
}
