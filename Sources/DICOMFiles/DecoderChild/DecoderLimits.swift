internal import DICOMCore
internal import Glibc

/// What decoder children may use, and what reading and preparing images may take in all. A file that takes more is not
/// read.
package struct DecoderLimits: Sendable, Equatable {
  /// Bytes of memory of all processes together: the children, and the frames in this process until they are transformed.
  /// A model comes on top. A single frame may take half of it.
  package var memory: Int
  /// Files worked on at once. More of them wait where ``memory`` does not suffice.
  package var workers: Int
  /// Seconds of processor time for one answer: a header or a frame.
  package var processorSeconds: Int
  /// Seconds on the clock for one answer, and for the start of a child.
  package var clockSeconds: Int
  /// Open descriptors: five at rest and one for the file.
  package var descriptors: Int
  /// Files opened until a child is replaced by a new one, so that nothing it keeps can add up. To start one takes as
  /// long as to read some ten small images.
  package var filesPerChild: Int
  /// Bytes of answers after which it is replaced.
  package var bytesPerChild: Int
  /// What the structure of a file may ask for.
  package var structure = PreScanLimits()

  /// - Parameters:
  ///   - memory: In half of 4 GiB the largest frame that is read, 512 MiB, fits three times over beside a code stream.
  ///   - workers: Default: one a processor.
  package init(
    memory: Int = 4 << 30, workers: Int = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))), processorSeconds: Int = 30,
    clockSeconds: Int = 60, descriptors: Int = 16, filesPerChild: Int = 1000, bytesPerChild: Int = 8 << 30
  ) {
    self.memory = memory
    self.workers = workers
    self.processorSeconds = processorSeconds
    self.clockSeconds = clockSeconds
    self.descriptors = descriptors
    self.filesPerChild = filesPerChild
    self.bytesPerChild = bytesPerChild
  }
}

extension DecoderLimits {
  /// Those that decide whether a file is read, by name. Places for children are not among them: no result depends on
  /// their number.
  package var recorded: [String: Int] {
    [
      "memory_bytes": memory, "frame_memory_bytes": MemoryPlan(self).largestFrame,
      "object_memory_bytes": MemoryPlan(self).objects, "frame_bytes": structure.frameBytes,
      "frame_count": structure.frameCount, "nesting_depth": structure.nestingDepth,
      "element_count": structure.elementCount, "inflated_bytes": structure.inflatedBytes,
      "processor_seconds": processorSeconds, "clock_seconds": clockSeconds,
    ]
  }
}

/// Which program a decoder child is, and what it may use.
package struct DecoderConfiguration: Sendable, Equatable {
  /// A program that calls ``DecoderService/run()`` when ``argument`` is its one argument.
  package var executable: String
  package var limits: DecoderLimits

  /// The name of the hidden subcommand.
  package static let argument = "decoder-child"

  /// - Parameter executable: By default the running program, even when its file has been replaced since it started.
  package init(executable: String = "/proc/self/exe", limits: DecoderLimits = DecoderLimits()) {
    self.executable = executable
    self.limits = limits
  }
}
