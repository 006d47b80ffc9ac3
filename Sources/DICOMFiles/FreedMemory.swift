internal import CSandbox

/// What the C library does with memory that is given back.
package enum FreedMemory {
  /// Keeps it for the next frame.
  ///
  /// Frames are some megabytes each and come one after the other. Given back to the kernel each time and fetched anew,
  /// their pages took a fifth of the time of a lossless radiograph, being cleared and mapped. What is kept is at most what
  /// was in use at once.
  package static func keep() {
    csandbox_keep_freed_memory()
  }
}
