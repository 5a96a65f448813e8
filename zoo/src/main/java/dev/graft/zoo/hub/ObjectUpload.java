package dev.graft.zoo.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;

/**
 * Sends objects as git-lfs does: the hub is asked where each of them goes, and says so for those
 * that it does not have yet; large ones go in parts.
 *
 * <p>Source: Git LFS batch API, with the transfer "multipart" of the Hugging Face Hub.
 */
final class ObjectUpload {
  private static final String TYPE = "application/vnd.git-lfs+json";
  private static final int OBJECTS_A_REQUEST = 100;
  private static final int LARGEST_ANSWER_BYTES = 16 << 20;
  private static final int MOST_PARTS = 10_000;

  /** Those that belong to the transport alone. */
  private static final Set<String> OWN_HEADERS =
      Set.of("connection", "content-length", "expect", "host", "transfer-encoding", "upgrade");

  private final HubTransport hub;
  private final HubWriting writing;
  private final RepositoryId id;
  private final String doing;

  ObjectUpload(HubTransport hub, HubWriting writing, RepositoryId id, String doing) {
    this.hub = hub;
    this.writing = writing;
    this.id = id;
    this.doing = doing;
  }

  /** Where the objects go that the hub does not have, by file. */
  Map<PushedFile, JsonNode> wanted(List<PushedFile> files) {
    Map<PushedFile, JsonNode> wanted = new TreeMap<>((a, b) -> a.sha256().compareTo(b.sha256()));
    for (int first = 0; first < files.size(); first += OBJECTS_A_REQUEST) {
      ask(files.subList(first, Math.min(first + OBJECTS_A_REQUEST, files.size())), wanted);
    }
    return wanted;
  }

  private void ask(List<PushedFile> files, Map<PushedFile, JsonNode> wanted) {
    ObjectNode request = HubWriting.object();
    request.put("operation", "upload");
    request.putArray("transfers").add("basic").add("multipart");
    request.put("hash_algo", "sha256");
    ArrayNode objects = request.putArray("objects");
    Map<String, PushedFile> byDigest =
        files.stream().collect(Collectors.toMap(PushedFile::sha256, f -> f, (a, b) -> a));
    byDigest.forEach((oid, f) -> objects.addObject().put("oid", oid).put("size", f.sizeBytes()));
    URI address = hub.address("/" + id + ".git/info/lfs/objects/batch");
    try (HubResponse response = hub.send(post(address, request), doing)) {
      writing.requireDone(response, id);
      for (JsonNode told : response.json(doing, LARGEST_ANSWER_BYTES).path("objects")) {
        PushedFile file = byDigest.get(told.path("oid").asText());
        if (told.path("error").isObject()) {
          throw new HubException(
              HubException.Cause.NETWORK,
              doing
                  + ": the hub does not take "
                  + (file == null ? "a file" : file.name())
                  + ": "
                  + told.at("/error/message").asText("no reason given")
                  + ".");
        }
        if (file != null && told.path("actions").path("upload").isObject()) {
          wanted.put(file, told.path("actions"));
        }
      }
    }
  }

  /** Sends one, and has the hub look at it where it asks for that. */
  void send(PushedFile file, JsonNode actions, LongConsumer sent) {
    JsonNode upload = actions.path("upload");
    URI address = address(upload.path("href").asText());
    JsonNode header = upload.path("header");
    Optional<Long> partBytes =
        Optional.of(header.path("chunk_size").asText())
            .filter(text -> text.matches("[1-9]\\d{0,17}"))
            .map(Long::parseLong);
    if (partBytes.isPresent()) {
      sendParts(file, partBytes.get(), header, address, sent);
    } else {
      put(address, headers(header), new FileSlice(file.place(), 0, file.sizeBytes(), sent));
    }
    JsonNode verify = actions.path("verify");
    if (verify.path("href").isTextual()) {
      ObjectNode object =
          HubWriting.object().put("oid", file.sha256()).put("size", file.sizeBytes());
      URI verifying = address(verify.path("href").asText());
      try (HubResponse response = hub.send(post(verifying, object), doing)) {
        writing.requireDone(response, id);
      }
    }
  }

  private void sendParts(
      PushedFile file, long partBytes, JsonNode header, URI completion, LongConsumer sent) {
    long count = -Math.floorDiv(-file.sizeBytes(), partBytes);
    if (count > MOST_PARTS) {
      throw strange("at most " + MOST_PARTS + " parts of " + file.name(), String.valueOf(count));
    }
    ObjectNode done = HubWriting.object();
    done.put("oid", file.sha256());
    ArrayNode parts = done.putArray("parts");
    for (int number = 1; number <= count; number++) {
      long first = (number - 1) * partBytes;
      long length = Math.min(partBytes, file.sizeBytes() - first);
      URI address = address(partAddress(header, number));
      String tag = put(address, Map.of(), new FileSlice(file.place(), first, length, sent));
      parts.addObject().put("partNumber", number).put("etag", tag);
    }
    try (HubResponse response = hub.send(post(completion, done), doing)) {
      writing.requireDone(response, id);
    }
  }

  /** Hubs write the number with leading zeros, and not always as many. */
  private String partAddress(JsonNode header, int number) {
    for (Map.Entry<String, JsonNode> entry : header.properties()) {
      if (entry.getKey().matches("\\d{1,9}") && Integer.parseInt(entry.getKey()) == number) {
        return entry.getValue().asText();
      }
    }
    throw strange("an address for part " + number, "none");
  }

  private String put(URI address, Map<String, String> headers, FileSlice slice) {
    HubRequest request =
        new HubRequest(
            "PUT", address, headers, slice::publisher, HubRequest.Redirects.RELATIVE, true);
    try (HubResponse response = hub.send(request, doing)) {
      writing.requireDone(response, id);
      return response.header("ETag").orElse("");
    }
  }

  private static HubRequest post(URI address, ObjectNode json) {
    return HubRequest.post(address, TYPE, HubWriting.bytes(json))
        .with("Accept", TYPE)
        .asRepeatable();
  }

  private static Map<String, String> headers(JsonNode header) {
    Map<String, String> headers = new TreeMap<>();
    for (Map.Entry<String, JsonNode> entry : header.properties()) {
      String name = entry.getKey();
      boolean usable = name.matches("[A-Za-z][A-Za-z0-9-]*") && entry.getValue().isTextual();
      if (usable && !OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
        headers.put(name, entry.getValue().asText());
      }
    }
    return headers;
  }

  /** Content goes wherever the hub says, but not unencrypted where the hub itself is asked so. */
  private URI address(String text) {
    try {
      URI address = URI.create(text);
      boolean encrypted =
          Origin.of(address).isEncrypted() || !Origin.of(hub.address("/")).isEncrypted();
      if (Origin.isUsable(address) && encrypted) {
        return address;
      }
    } catch (IllegalArgumentException noAddress) {
      // Told below, as an address of another kind is.
    }
    throw strange("an http address to send to", "something else");
  }

  private HubException strange(String expected, String found) {
    return new HubException(
        HubException.Cause.DAMAGED,
        doing
            + ": "
            + expected
            + " is expected from the hub, found "
            + found
            + ". Check its address (HF_ENDPOINT).");
  }
}
