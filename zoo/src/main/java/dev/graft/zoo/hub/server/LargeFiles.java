package dev.graft.zoo.hub.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.graft.zoo.hub.RepositoryId;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Takes objects in, as servers of git-lfs do (batch API with the transfers "basic" and
 * "multipart"): the client asks where objects go, and is told for each that is not there yet.
 * Thread-safe.
 */
final class LargeFiles {
  private static final int MOST_OBJECTS = 1_000;
  private static final int MOST_PARTS = 10_000;
  private static final Duration LEFTOVER_AGE = Duration.ofDays(1);
  private static final String CONTENT_TYPE = "application/vnd.git-lfs+json";

  private final ServerLimits limits;
  private final UploadTickets tickets = new UploadTickets();

  LargeFiles(ServerLimits limits) {
    this.limits = limits;
  }

  /** An object that is asked about. */
  private record Wanted(RepositoryId id, String oid, long size) {
    List<String> values(String purpose) {
      return List.of(purpose, id.text(), oid, Long.toString(size));
    }
  }

  // --- where objects go --------------------------------------------------------------------------

  void batch(HubExchange exchange, RepositoryId id, KeptRepository repository, String address)
      throws IOException {
    ObjectNode request = exchange.json();
    JsonNode objects = request.path("objects");
    if (!request.path("operation").asText().equals("upload") || objects.size() > MOST_OBJECTS) {
      throw HubError.badRequest(
          "The operation upload of at most " + MOST_OBJECTS + " objects is expected");
    }
    repository.objects().tidy(Instant.now().minus(LEFTOVER_AGE));
    boolean parts = false;
    for (JsonNode transfer : request.path("transfers")) {
      parts |= transfer.asText().equals("multipart");
    }
    String place = address + "/" + id + ".git/info/lfs/objects/";
    ObjectNode answer = ServerJson.object();
    answer.put("transfer", parts ? "multipart" : "basic");
    answer.put("hash_algo", "sha256");
    ArrayNode answers = answer.putArray("objects");
    for (JsonNode object : objects) {
      String oid = object.path("oid").asText();
      long size = object.path("size").asLong(-1);
      if (!ContentDigest.isSha256(oid) || size < 0) {
        throw HubError.badRequest("An object is expected to have a SHA-256 as oid and a size");
      }
      ObjectNode told = answers.addObject().put("oid", oid).put("size", size);
      if (size > limits.largestObjectBytes()) {
        told.putObject("error").put("code", 422).put("message", "The object is too large");
      } else if (!repository.objects().holds(oid, size)) {
        ObjectNode actions = told.putObject("actions");
        ask(actions, place, new Wanted(id, oid, size), parts && size > limits.partBytes());
      }
    }
    exchange.answer(200, CONTENT_TYPE, ServerJson.bytes(answer));
  }

  private void ask(ObjectNode actions, String place, Wanted wanted, boolean inParts) {
    ObjectNode upload = actions.putObject("upload");
    String object = place + wanted.oid();
    String size = "size=" + wanted.size();
    if (inParts) {
      upload.put("href", object + "/complete?" + size + "&" + tickets.query(wanted.values("join")));
      long partBytes = Math.max(limits.partBytes(), -Math.floorDiv(-wanted.size(), MOST_PARTS));
      ObjectNode header = upload.putObject("header");
      header.put("chunk_size", Long.toString(partBytes));
      String query = size + "&" + tickets.query(wanted.values("part"));
      long count = -Math.floorDiv(-wanted.size(), partBytes);
      for (int number = 1; number <= count; number++) {
        header.put(
            String.format(java.util.Locale.ROOT, "%05d", number),
            object + "/parts/" + number + "?" + query);
      }
    } else {
      upload.put("href", object + "?" + size + "&" + tickets.query(wanted.values("whole")));
    }
    actions.putObject("verify").put("href", place + "verify");
  }

  // --- what is sent ------------------------------------------------------------------------------

  /**
   * Takes an object or a part of one in, or joins parts.
   *
   * @param rest the path behind {@code objects/}
   */
  void take(HubExchange exchange, RepositoryId id, KeptRepository repository, List<String> rest)
      throws IOException {
    String oid = rest.get(0);
    long size = exchange.query("size").flatMap(RequestPath::number).orElse(-1L);
    if (!ContentDigest.isSha256(oid) || size < 0) {
      throw HubError.noSuchPage();
    }
    Wanted wanted = new Wanted(id, oid, size);
    if (rest.size() == 1 && exchange.is("PUT")) {
      tickets.require(exchange, wanted.values("whole"));
      repository.objects().take(exchange.body(), oid, size);
      exchange.answer(200, ServerJson.object());
    } else if (rest.size() == 3 && rest.get(1).equals("parts") && exchange.is("PUT")) {
      tickets.require(exchange, wanted.values("part"));
      takePart(exchange, repository, wanted, rest.get(2));
    } else if (rest.size() == 2 && rest.get(1).equals("complete") && exchange.is("POST")) {
      tickets.require(exchange, wanted.values("join"));
      join(exchange, repository, wanted);
    } else {
      throw HubError.noSuchPage();
    }
  }

  private void takePart(
      HubExchange exchange, KeptRepository repository, Wanted wanted, String numberText)
      throws IOException {
    long number = RequestPath.number(numberText).orElse(0L);
    long length = exchange.length().orElse(-1L);
    if (number < 1 || number > MOST_PARTS || length < 1 || length > wanted.size()) {
      throw HubError.badRequest(
          "A part is expected to have a number from 1 to " + MOST_PARTS + " and a length");
    }
    repository.objects().takePart(exchange.body(), wanted.oid(), number, length);
    exchange.set("ETag", "\"" + wanted.oid().substring(0, 16) + "-" + number + "\"");
    exchange.answer(200, ServerJson.object());
  }

  private void join(HubExchange exchange, KeptRepository repository, Wanted wanted)
      throws IOException {
    JsonNode parts = exchange.json().path("parts");
    for (int i = 0; i < parts.size(); i++) {
      if (parts.path(i).path("partNumber").asInt() != i + 1) {
        throw HubError.badRequest("The parts are expected in their order, from 1 on");
      }
    }
    if (parts.isEmpty() || parts.size() > MOST_PARTS) {
      throw HubError.badRequest("1 to " + MOST_PARTS + " parts are expected");
    }
    repository.objects().join(wanted.oid(), wanted.size(), parts.size());
    exchange.answer(200, ServerJson.object());
  }

  /** Whether an object is there. */
  void verify(HubExchange exchange, KeptRepository repository) throws IOException {
    ObjectNode request = exchange.json();
    String oid = request.path("oid").asText();
    if (!ContentDigest.isSha256(oid)
        || !repository.objects().holds(oid, request.path("size").asLong(-1))) {
      throw new HubError(404, "", "The object was not sent");
    }
    exchange.answer(200, ServerJson.object());
  }
}
