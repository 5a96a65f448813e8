/** Tests of the command: arguments, messages, exit codes, the launcher, and the module rules. */
@NullMarked
package dev.graft.cli;

import org.jspecify.annotations.NullMarked;
