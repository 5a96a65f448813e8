package dev.graft.zoo.hub.server;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a commit changes.
 *
 * @param written files by path
 * @param deleted paths of files
 * @param deletedFolders paths of folders, without a slash at the end
 */
record CommitChanges(
    Map<String, StoredFile> written, Set<String> deleted, Set<String> deletedFolders) {

  /**
   * The files afterwards.
   *
   * @throws HubError if what is deleted is not there, a file would be a folder as well, or there
   *     are too many
   */
  SortedMap<String, StoredFile> appliedTo(SortedMap<String, StoredFile> before) {
    SortedMap<String, StoredFile> files = new TreeMap<>(before);
    for (String path : deleted) {
      if (files.remove(path) == null) {
        throw HubError.badRequest("There is no file " + path + " to delete");
      }
    }
    for (String folder : deletedFolders) {
      files.keySet().removeIf(path -> path.startsWith(folder + "/"));
    }
    files.putAll(written);
    if (files.size() > ServerLimits.MOST_FILES) {
      throw HubError.badRequest("A repository has at most " + ServerLimits.MOST_FILES + " files");
    }
    Set<String> folders = new HashSet<>();
    for (String path : files.keySet()) {
      for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
        folders.add(path.substring(0, slash));
      }
    }
    for (String path : files.keySet()) {
      if (folders.contains(path)) {
        throw HubError.badRequest(path + " would be a file and a folder");
      }
    }
    return files;
  }
}
