package dev.graft.zoo.hub.server;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Takes a request's address apart before anything is decoded, so that an encoded slash is none. */
final class RequestPath {
  private static final int LONGEST = 8_192;

  private RequestPath() {}

  /**
   * The parts between slashes, decoded.
   *
   * @throws HubError if one is empty, too long or not rightly encoded
   */
  static List<String> parts(String rawPath) {
    if (rawPath.length() > LONGEST || !rawPath.startsWith("/")) {
      throw HubError.badRequest("A path of at most " + LONGEST + " characters is expected");
    }
    List<String> parts = new ArrayList<>();
    if (rawPath.length() == 1) {
      return parts;
    }
    for (String part : rawPath.substring(1).split("/", -1)) {
      String decoded = decoded(part);
      if (decoded.isEmpty() || decoded.equals(".") || decoded.equals("..")) {
        throw HubError.badRequest("The path leads nowhere");
      }
      parts.add(decoded);
    }
    return parts;
  }

  /** The values of a query by their names; the last one counts. */
  static Map<String, String> query(String rawQuery) {
    Map<String, String> values = new HashMap<>();
    if (rawQuery.length() > LONGEST) {
      throw HubError.badRequest("A query of at most " + LONGEST + " characters is expected");
    }
    for (String pair : rawQuery.split("&")) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        values.put(
            decoded(pair.substring(0, equals)),
            decoded(pair.substring(equals + 1).replace('+', ' ')));
      }
    }
    return values;
  }

  /** All values of one name in a form. */
  static List<String> values(String form, String name) {
    List<String> values = new ArrayList<>();
    for (String pair : form.split("&")) {
      int equals = pair.indexOf('=');
      if (equals > 0 && pair.substring(0, equals).equals(name)) {
        values.add(decoded(pair.substring(equals + 1).replace('+', ' ')));
      }
    }
    return values;
  }

  /** A whole number of 0 or more; empty where it is none. */
  static Optional<Long> number(String text) {
    return text.matches("\\d{1,18}") ? Optional.of(Long.parseLong(text)) : Optional.empty();
  }

  private static String decoded(String encoded) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(encoded.length());
    for (int i = 0; i < encoded.length(); i++) {
      char c = encoded.charAt(i);
      if (c != '%') {
        if (c > '~') {
          throw HubError.badRequest("Letters beyond ASCII must be percent-encoded");
        }
        bytes.write(c);
        continue;
      }
      boolean whole = i + 2 < encoded.length();
      int high = whole ? Character.digit(encoded.charAt(i + 1), 16) : -1;
      int low = whole ? Character.digit(encoded.charAt(i + 2), 16) : -1;
      if (high < 0 || low < 0) {
        throw HubError.badRequest("A percent sign is not followed by two hexadecimal digits");
      }
      bytes.write(high * 16 + low);
      i += 2;
    }
    try {
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(bytes.toByteArray()))
              .toString();
      if (text.chars().anyMatch(Character::isISOControl)) {
        throw HubError.badRequest("The path holds a control character");
      }
      return text;
    } catch (CharacterCodingException damaged) {
      throw HubError.badRequest("The path is no UTF-8");
    }
  }
}
