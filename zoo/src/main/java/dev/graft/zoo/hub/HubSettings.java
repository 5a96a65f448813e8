package dev.graft.zoo.hub;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which hub is asked, who asks, and where what comes is kept. Immutable and thread-safe.
 *
 * @param endpoint the hub's address, without a slash at its end
 * @param token sent to the endpoint's own host alone
 * @param cache the folder that all tools of the hub share
 * @param offline whether nothing may be asked of the hub
 */
public record HubSettings(URI endpoint, Optional<HubToken> token, Path cache, boolean offline) {
  /** The hub where no other is named. */
  public static final URI STANDARD_ENDPOINT = URI.create("https://huggingface.co");

  private static final Set<String> YES = Set.of("1", "on", "yes", "true");
  private static final long LONGEST_TOKEN_FILE_BYTES = 4096;

  /**
   * Checks the endpoint.
   *
   * @throws HubException if it is no http address, or a token would travel unencrypted
   */
  public HubSettings {
    endpoint = Origin.checkedEndpoint(endpoint);
    Origin origin = Origin.of(endpoint);
    if (token.isPresent() && !origin.isEncrypted() && !origin.isLoopback()) {
      throw new HubException(
          HubException.Cause.USAGE,
          "Checking the hub "
              + endpoint
              + ": a token is set, but the address is http, so that anybody on the way could read"
              + " it. Use an https address, or unset HF_TOKEN (or empty its file) for a hub that"
              + " needs none.");
    }
  }

  /**
   * From the environment variables that the hub's own tools read: HF_ENDPOINT; HF_HUB_CACHE,
   * HF_HOME or XDG_CACHE_HOME; HF_TOKEN, else the file HF_TOKEN_PATH, else the file {@code token}
   * of HF_HOME; HF_HUB_OFFLINE or TRANSFORMERS_OFFLINE.
   *
   * @param home the user's folder, in which the cache lies where no variable tells another place
   * @throws HubException if one of them is not of its form
   */
  public static HubSettings of(Map<String, String> environment, Path home) {
    Path hubHome =
        folder(environment, "HF_HOME", home)
            .orElseGet(
                () ->
                    folder(environment, "XDG_CACHE_HOME", home)
                        .orElse(home.resolve(".cache"))
                        .resolve("huggingface"));
    Path cache =
        folder(environment, "HF_HUB_CACHE", home)
            .or(() -> folder(environment, "HUGGINGFACE_HUB_CACHE", home))
            .orElse(hubHome.resolve("hub"));
    URI endpoint = text(environment, "HF_ENDPOINT").map(HubSettings::uri).orElse(STANDARD_ENDPOINT);
    Optional<HubToken> token =
        text(environment, "HF_TOKEN")
            .or(() -> text(environment, "HUGGING_FACE_HUB_TOKEN"))
            .or(
                () ->
                    tokenIn(
                        folder(environment, "HF_TOKEN_PATH", home)
                            .orElse(hubHome.resolve("token"))))
            .map(HubToken::new);
    return new HubSettings(
        endpoint,
        token,
        cache,
        isSet(environment, "HF_HUB_OFFLINE") || isSet(environment, "TRANSFORMERS_OFFLINE"));
  }

  private static URI uri(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException noAddress) {
      throw Origin.noEndpoint(text);
    }
  }

  private static Optional<String> text(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name)).map(String::strip).filter(t -> !t.isEmpty());
  }

  private static boolean isSet(Map<String, String> environment, String name) {
    return text(environment, name)
        .filter(t -> YES.contains(t.toLowerCase(Locale.ROOT)))
        .isPresent();
  }

  private static Optional<Path> folder(Map<String, String> environment, String name, Path home) {
    return text(environment, name)
        .map(t -> t.equals("~") || t.startsWith("~/") ? home + t.substring(1) : t)
        .map(Path::of);
  }

  /** A file that is missing or cannot be read means no token; most models need none. */
  private static Optional<String> tokenIn(Path file) {
    try {
      return Files.isRegularFile(file) && Files.size(file) <= LONGEST_TOKEN_FILE_BYTES
          ? Optional.of(Files.readString(file).strip()).filter(t -> !t.isEmpty())
          : Optional.empty();
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  /** The same with another hub. */
  public HubSettings withEndpoint(String address) {
    return new HubSettings(uri(address), token, cache, offline);
  }

  /** The same with another cache. */
  public HubSettings withCache(Path folder) {
    return new HubSettings(endpoint, token, folder, offline);
  }

  /** The same without asking the hub. */
  public HubSettings withoutNetwork() {
    return new HubSettings(endpoint, token, cache, true);
  }
}
