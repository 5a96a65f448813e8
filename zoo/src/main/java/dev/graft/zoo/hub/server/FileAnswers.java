package dev.graft.zoo.hub.server;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;

/** Answers with a file, or the part of it that was asked for. */
final class FileAnswers {
  private FileAnswers() {}

  static void send(HubExchange exchange, Repository repository, Repository.Resolved at, String path)
      throws IOException {
    StoredFile file = at.commit().files().get(path);
    if (file == null) {
      throw HubError.noEntry();
    }
    String tag = "\"" + file.etag() + "\"";
    exchange.set("X-Repo-Commit", at.id());
    exchange.set("ETag", tag);
    exchange.set("Accept-Ranges", "bytes");
    exchange.set("Content-Type", "application/octet-stream");
    if (file.large()) {
      exchange.set("X-Linked-Etag", tag);
      exchange.set("X-Linked-Size", Long.toString(file.size()));
    }
    Path content = repository.content(path, file);
    try (SeekableByteChannel channel =
        Files.newByteChannel(content, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
      if (channel.size() != file.size()) {
        throw new HubError(503, "", "The file is being written; ask again later");
      }
      Optional<ByteRange> range = range(exchange, file, tag);
      if (range.isEmpty()) {
        exchange.answer(200, Channels.newInputStream(channel), file.size());
        return;
      }
      long first = range.get().first();
      long last = first + range.get().count() - 1;
      exchange.set("Content-Range", "bytes " + first + "-" + last + "/" + file.size());
      InputStream part = Channels.newInputStream(channel.position(first));
      exchange.answer(206, part, range.get().count());
    } catch (NoSuchFileException gone) {
      throw HubError.noEntry();
    }
  }

  private static Optional<ByteRange> range(HubExchange exchange, StoredFile file, String tag) {
    Optional<String> asked = exchange.header("Range");
    boolean sameContent = exchange.header("If-Range").map(tag::equals).orElse(true);
    if (asked.isEmpty() || !sameContent || !exchange.is("GET")) {
      return Optional.empty();
    }
    try {
      return ByteRange.of(asked.get(), file.size());
    } catch (HubError unsatisfiable) {
      exchange.set("Content-Range", "bytes */" + file.size());
      throw unsatisfiable;
    }
  }
}
