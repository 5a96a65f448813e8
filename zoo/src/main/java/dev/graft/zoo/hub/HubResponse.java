package dev.graft.zoo.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a hub answered: status, headers, and a body that is read at most once. Not thread-safe.
 *
 * @param address that answered, after redirects
 */
public record HubResponse(URI address, int status, HttpHeaders headers, InputStream body)
    implements AutoCloseable {
  private static final ObjectMapper JSON = JsonMapper.builder().build();
  private static final int LONGEST_MESSAGE = 300;

  /** A header; empty where it is missing. */
  public Optional<String> header(String name) {
    return headers.firstValue(name);
  }

  /** A header that holds a count of bytes; empty where it is missing or none. */
  OptionalLong bytes(String name) {
    return header(name)
        .map(String::strip)
        .filter(text -> text.matches("\\d{1,18}"))
        .map(text -> OptionalLong.of(Long.parseLong(text)))
        .orElse(OptionalLong.empty());
  }

  /** Whether the status is one of success. */
  public boolean isSuccess() {
    return status / 100 == 2;
  }

  boolean isRedirect() {
    return (status >= 301 && status <= 303) || status == 307 || status == 308;
  }

  /**
   * The body as JSON.
   *
   * @param doing what messages begin with, such as "Listing the files of org/name"
   * @param mostBytes a longer body is refused
   * @throws HubException if it is longer, none, or breaks off
   */
  public JsonNode json(String doing, int mostBytes) {
    try {
      byte[] content = body.readNBytes(mostBytes + 1);
      if (content.length > mostBytes) {
        throw new HubException(
            HubException.Cause.DAMAGED,
            doing
                + ": an answer of at most "
                + mostBytes
                + " bytes is expected, but "
                + place()
                + " sends more. Check that it is the address of a hub.");
      }
      JsonNode tree = JSON.readTree(content);
      if (tree == null || tree.isMissingNode()) {
        throw notJson(doing, "nothing");
      }
      return tree;
    } catch (JsonProcessingException other) {
      throw notJson(doing, "something else");
    } catch (IOException failure) {
      throw new HubException(
          HubException.Cause.NETWORK,
          doing + ": the answer of " + place() + " broke off (" + failure + "). Try again.",
          failure);
    }
  }

  private HubException notJson(String doing, String found) {
    return new HubException(
        HubException.Cause.NETWORK,
        doing
            + ": JSON is expected from "
            + place()
            + ", found "
            + found
            + ". Check that it is the address of a hub (HF_ENDPOINT), and that no proxy answers in"
            + " its place.");
  }

  /**
   * Refuses what is no success, in words that tell what to do.
   *
   * @param doing what messages begin with
   * @param subject the model or file, as the hub is asked for it
   * @throws HubException unless the status is one of success
   */
  public HubResponse requireSuccess(String doing, String subject) {
    if (isSuccess()) {
      return this;
    }
    close();
    String code = header("X-Error-Code").orElse("").toLowerCase(Locale.ROOT);
    if (code.equals("gatedrepo") || (status == 403 && code.isEmpty())) {
      throw new HubException(
          HubException.Cause.GATED,
          doing
              + ": "
              + subject
              + " is given to those alone who have accepted its terms ("
              + answer()
              + "). Accept them on its page of the hub, then set HF_TOKEN to a token of yours.");
    }
    if (status == 401 || status == 404 || code.endsWith("notfound")) {
      throw new HubException(HubException.Cause.NOT_FOUND, doing + ": " + missing(code, subject));
    }
    throw new HubException(
        HubException.Cause.NETWORK,
        doing + ": " + answer() + ". " + (isRedirect() ? redirectHint() : "Try again later."));
  }

  private String missing(String code, String subject) {
    return switch (code) {
      case "revisionnotfound" ->
          "there is no such revision of "
              + subject
              + " ("
              + answer()
              + "). Leave @REVISION away for the newest one.";
      case "entrynotfound" ->
          "there is no file " + subject + " (" + answer() + "). Check its name on the hub's page.";
      default ->
          "there is no "
              + subject
              + ", or it is not public ("
              + answer()
              + "). Check the id; for what is private, set HF_TOKEN.";
    };
  }

  private String redirectHint() {
    return "It sends its clients to "
        + header("Location").map(HubResponse::withoutQuery).orElse("nowhere")
        + ", which is not followed here; where that is the hub, name it with HF_ENDPOINT.";
  }

  /** Such as "hub.example answered 404 (Repository not found)". */
  String answer() {
    String told = header("X-Error-Message").orElse("").strip();
    String shown =
        told.length() > LONGEST_MESSAGE ? told.substring(0, LONGEST_MESSAGE) + "..." : told;
    return place() + " answered " + status + (shown.isEmpty() ? "" : ": " + shown);
  }

  private String place() {
    return place(address);
  }

  /** An address as messages name it: without what may be secret in it. */
  static String place(URI address) {
    int port = address.getPort();
    return address.getHost() + (port < 0 ? "" : ":" + port);
  }

  private static String withoutQuery(String address) {
    return address.replaceAll("[?#].*", "");
  }

  /** Gives the connection up where the body was not read to its end. */
  @Override
  public void close() {
    try {
      body.close();
    } catch (IOException givenUp) {
      // Nothing more is wanted of it.
    }
  }
}
