internal import DICOMCore

/// What the structure of a file may ask for before native code sees it.
package struct PreScanLimits: Sendable, Equatable {
  /// Sequences inside each other. Real objects stay below ten; every level costs the parser stack.
  package var nestingDepth = ReadingExtent.maximumDepth
  /// Data elements and items in the whole file. An enhanced object of 10,000 frames has about half a million.
  package var elementCount = 2_000_000
  /// Bytes of a deflated data set once inflated.
  package var inflatedBytes = 1 << 30
  /// Bytes of file meta information (group 0002).
  package var metaInformationBytes = 1 << 20
  /// Bytes of one decoded frame.
  package var frameBytes = ImageFormat.maximumFrameBytes
  package var frameCount = 1 << 20
  /// Frames of at most this size may be compressed as far as they like: a blank image has next to no code stream.
  package var unboundedExpansionBytes = 16 << 20

  package init() {}

  /// How many bytes of pixels a byte of code stream may stand for, by transfer syntax.
  ///
  /// The numbers are bounds of the formats with some room: a replicate run of RLE makes 128 bytes of 2 (PS3.5 G.3.2); a
  /// block of 64 samples costs a sequential JPEG at least two bits; lossless JPEG spends a bit on every sample. JPEG-LS
  /// and JPEG 2000 have no bound; theirs is far beyond any image that shows something.
  static func expansion(of transferSyntax: String) -> Int {
    switch transferSyntax {
    case "1.2.840.10008.1.2.5": 64
    case "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51": 512
    case "1.2.840.10008.1.2.4.57", "1.2.840.10008.1.2.4.70": 32
    case "1.2.840.10008.1.2.1.98": 1
    default: 4096
    }
  }
}

/// A limit of the structure check that a site may set; the raw value is the rule's name.
package enum PreScanLimit: String, Sendable, CaseIterable {
  case nestingDepth = "nesting-depth"
  case elementCount = "element-count"
  case inflatedSize = "inflated-size"
  case frameSize = "frame-size"
  case frameCount = "frame-count"

  /// What it may be, in ``unit``. The readers behind the check have bounds of their own, which are the upper ends of
  /// depth, size of a frame and number of frames.
  package var range: ClosedRange<Int> {
    switch self {
    case .nestingDepth: 1...ReadingExtent.maximumDepth
    case .elementCount: 1...50_000_000
    case .inflatedSize: 1...16_384
    case .frameSize: 1...ImageFormat.maximumFrameBytes >> 20
    case .frameCount: 1...1 << 20
    }
  }

  /// `nil` for plain numbers.
  package var unit: String? { self == .inflatedSize || self == .frameSize ? "MiB" : nil }
}

extension PreScanLimits {
  /// - Precondition: `value` lies in the limit's range.
  package mutating func set(_ limit: PreScanLimit, to value: Int) {
    precondition(limit.range.contains(value))
    switch limit {
    case .nestingDepth: nestingDepth = value
    case .elementCount: elementCount = value
    case .inflatedSize: inflatedBytes = value << 20
    case .frameSize: frameBytes = value << 20
    case .frameCount: frameCount = value
    }
  }

  /// As a message carries them.
  var numbers: [Int] { [nestingDepth, elementCount, inflatedBytes, frameBytes, frameCount] }

  /// - Parameter numbers: As ``numbers`` has them; those that are missing stay as they are.
  init(numbers: some Sequence<Int>) {
    let fields: [WritableKeyPath<Self, Int>] = [
      \.nestingDepth, \.elementCount, \.inflatedBytes, \.frameBytes, \.frameCount,
    ]
    for (field, number) in zip(fields, numbers) { self[keyPath: field] = number }
  }
}

extension PreScanRule {
  /// Whether only the pixels break it: the attributes before them can be read, so that it can be told whose they are.
  var concernsPixelsAlone: Bool {
    switch self {
    case .frameSize, .frameCount, .nativeLength, .expansionRatio, .valueBeyondEnd: true
    default: false
    }
  }
}

/// A rule of the pre-scan; the raw value names it in logs.
package enum PreScanRule: String, Sendable, CaseIterable {
  /// File meta information that is too long, or a Transfer Syntax UID that is none.
  case metaInformation = "meta-information"
  /// A value, item or sequence that ends after the file does.
  case valueBeyondEnd = "value-beyond-end"
  /// A value that ends after the item or sequence it is in.
  case valueBeyondParent = "value-beyond-parent"
  /// Items outside sequences, elements outside items, delimiters without a beginning, undefined length where PS3.5 7.1.1
  /// does not allow it.
  case sequenceStructure = "sequence-structure"
  case nestingDepth = "nesting-depth"
  case elementCount = "element-count"
  /// A deflated data set that is not one (RFC 1951).
  case deflateStream = "deflate-stream"
  case inflatedSize = "inflated-size"
  case frameSize = "frame-size"
  case frameCount = "frame-count"
  /// Native pixel data shorter than the attributes say.
  case nativeLength = "native-length"
  /// More pixels than the code stream can stand for.
  case expansionRatio = "expansion-ratio"
  /// A UID of the file's identity that is longer than 64 characters or holds control characters.
  case uidSyntax = "uid-syntax"
}

/// Where a file broke a rule of the pre-scan.
package struct PreScanFinding: Error, Sendable, Equatable {
  package let rule: PreScanRule
  /// In bytes from the start of the file, or of the inflated data set.
  package let position: Int
  /// The element concerned, when there is one.
  package let tag: UInt32?
  /// What was found and what is allowed or needed, for rules about sizes.
  package let amounts: Amounts?

  package struct Amounts: Sendable, Equatable {
    package let found: Int
    package let bound: Int
  }

  package init(_ rule: PreScanRule, at position: Int, tag: UInt32? = nil) {
    (self.rule, self.position, self.tag, amounts) = (rule, position, tag, nil)
  }

  init(_ rule: PreScanRule, at position: Int, tag: UInt32?, found: Int, bound: Int) {
    (self.rule, self.position, self.tag) = (rule, position, tag)
    amounts = Amounts(found: found, bound: bound)
  }
}
