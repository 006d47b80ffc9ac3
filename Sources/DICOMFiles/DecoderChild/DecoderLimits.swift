/// What a decoder child may use. A file that takes more is not read.
package struct DecoderLimits: Sendable, Equatable, Codable {
  /// Bytes of address space, the program itself and the shared memory included.
  package var addressSpace: Int
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

  /// - Parameter addressSpace: 2 GiB hold the largest frame that is decoded, 512 MiB, three times over beside a code
  ///   stream; ordinary radiographs take a tenth of that.
  package init(
    addressSpace: Int = 2 << 30, processorSeconds: Int = 30, clockSeconds: Int = 60, descriptors: Int = 16,
    filesPerChild: Int = 1000, bytesPerChild: Int = 8 << 30
  ) {
    self.addressSpace = addressSpace
    self.processorSeconds = processorSeconds
    self.clockSeconds = clockSeconds
    self.descriptors = descriptors
    self.filesPerChild = filesPerChild
    self.bytesPerChild = bytesPerChild
  }

  enum CodingKeys: String, CodingKey {
    case descriptors
    case addressSpace = "address_space"
    case processorSeconds = "processor_seconds"
    case clockSeconds = "clock_seconds"
    case filesPerChild = "files_per_child"
    case bytesPerChild = "bytes_per_child"
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
