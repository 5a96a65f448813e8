/**
 * Whether a folder is what was written: the digest of each file, and who vouches for them.
 *
 * <p>{@link dev.graft.runtime.trust.FileList} makes the list, {@link
 * dev.graft.runtime.trust.Verification} holds a folder against it, and {@link
 * dev.graft.runtime.trust.FolderSignature} signs it.
 */
@NullMarked
package dev.graft.runtime.trust;

import org.jspecify.annotations.NullMarked;
