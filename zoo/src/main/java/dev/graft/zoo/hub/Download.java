package dev.graft.zoo.hub;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Fetches one file: goes on where an earlier process stopped, begins again where the server will
 * not, and lets nothing into the cache that has not the announced size and digest.
 */
final class Download {
  private static final int CHUNK_BYTES = 1 << 18;

  /** A try that gave as much was worth it; the tries are counted anew. */
  private static final long WORTHWHILE_BYTES = 1 << 16;

  private static final Pattern CONTENT_RANGE =
      Pattern.compile("bytes (\\d{1,18})-\\d{1,18}/(\\d{1,18}|\\*)");

  private final HubTransport hub;
  private final PullProgress progress;
  private final String doing;

  /**
   * @param doing what messages begin with
   */
  Download(HubTransport hub, PullProgress progress, String doing) {
    this.hub = hub;
    this.progress = progress;
    this.doing = doing;
  }

  /**
   * Fetches a file; the caller holds its lock.
   *
   * @throws HubException if it does not come, is not what was announced, or cannot be written
   */
  void fetch(HubFile file, URI address, Path partialPlace, Path blob) throws IOException {
    try (PartialFile partial = PartialFile.open(partialPlace, file, doing)) {
      long resumed = partial.length();
      progress.kept(resumed);
      complete(partial, file, address);
      boolean right = partial.isRight();
      if (!right && resumed > 0) {
        // What the earlier process left may be what is wrong.
        forget(partial);
        complete(partial, file, address);
        right = partial.isRight();
      }
      if (!right) {
        forget(partial);
        throw new HubException(
            HubException.Cause.DAMAGED,
            doing
                + ": "
                + file.name()
                + " has not the "
                + file.digest().algorithm()
                + " that the hub states, "
                + file.digest()
                + ". It was damaged on the way or on the hub, and is not kept; run the same command"
                + " again, and tell the hub's owner if that does not help.");
      }
      partial.moveTo(blob);
    }
  }

  private void forget(PartialFile partial) throws IOException {
    progress.kept(-partial.length());
    partial.restart();
  }

  private void complete(PartialFile partial, HubFile file, URI address) throws IOException {
    int failures = 0;
    while (partial.missing() > 0) {
      long before = partial.length();
      String problem = attempt(partial, file, address);
      if (partial.missing() == 0) {
        return;
      }
      failures = partial.length() - before >= WORTHWHILE_BYTES ? 1 : failures + 1;
      if (failures >= hub.patience().tries()) {
        throw new HubException(
            HubException.Cause.NETWORK,
            doing
                + ": "
                + file.name()
                + " broke off after "
                + partial.length()
                + " of "
                + file.sizeBytes()
                + " bytes ("
                + problem
                + "), "
                + failures
                + " times. Run the same command again: it goes on from there.");
      }
      hub.pause(problem, hub.patience().waitAfter(failures), doing);
    }
  }

  /** Reads on as far as one answer goes; tells what ended it. */
  private String attempt(PartialFile partial, HubFile file, URI address) throws IOException {
    HubRequest whole = HubRequest.content(address);
    long from = partial.length();
    HubRequest request = from == 0 ? whole : whole.with("Range", "bytes=" + from + "-");
    try (HubResponse response = hub.send(request, doing)) {
      if (response.status() == 416) {
        forget(partial);
        return "the server has no such range";
      }
      response.requireSuccess(doing, file.name().text());
      if (from > 0 && !isRest(response, from)) {
        forget(partial);
        if (response.status() == 206) {
          return "the server sent another range";
        }
      }
      requireFitting(response, partial, file);
      return read(response, partial);
    }
  }

  /** A server that does not know ranges answers 200 with everything. */
  private static boolean isRest(HubResponse response, long from) {
    Matcher range = CONTENT_RANGE.matcher(response.header("Content-Range").orElse(""));
    return response.status() == 206 && range.matches() && Long.parseLong(range.group(1)) == from;
  }

  private void requireFitting(HubResponse response, PartialFile partial, HubFile file) {
    String encoding = response.header("Content-Encoding").orElse("identity");
    long announced = response.bytes("Content-Length").orElse(partial.missing());
    if (announced != partial.missing() || !encoding.equalsIgnoreCase("identity")) {
      throw new HubException(
          HubException.Cause.DAMAGED,
          doing
              + ": of "
              + file.name()
              + ", "
              + partial.missing()
              + " bytes are expected, but "
              + HubResponse.place(response.address())
              + " sends "
              + announced
              + " ("
              + encoding
              + "). It is not what was announced, so it is not taken; try again later.");
    }
  }

  private String read(HubResponse response, PartialFile partial) {
    byte[] chunk = new byte[CHUNK_BYTES];
    try {
      InputStream body = response.body();
      for (int count = body.read(chunk); count >= 0; count = body.read(chunk)) {
        partial.append(chunk, count);
        progress.received(count);
      }
      return "the connection ended early";
    } catch (SocketTimeoutException nothing) {
      return "nothing came for " + hub.patience().stall().toMillis() / 1e3 + " s";
    } catch (IOException broken) {
      return "the connection broke off: " + HubTransport.words(broken);
    }
  }
}
