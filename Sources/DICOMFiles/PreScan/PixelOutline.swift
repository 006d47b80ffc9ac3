/// What a file says of its pixels, gathered while it is scanned: enough to tell how much memory they take.
struct PixelOutline {
  var transferSyntax = ""
  private var rows: Int?
  private var columns: Int?
  private var samplesPerPixel = 1
  private var bitsAllocated: Int?
  private var frames = 1
  private var isSubsampled = false
  /// With the bytes that are there, and whether the element claims more.
  private var native: (position: Int, length: Int, isCut: Bool)?
  /// Where in the file native Pixel Data has its value; `nil` where it has none, several, or is deflated.
  private(set) var nativeValue: Range<Int>?
  private var valueCount = 0
  /// Of pixels, native or in fragments.
  var pixelBytes: Int { native?.length ?? fragments?.bytes ?? 0 }
  private var fragments: (position: Int, bytes: Int, count: Int)?
  private var malformedUID: (position: Int, tag: UInt32)?

  private enum Attribute: UInt32 {
    case sopClassUID = 0x0008_0016
    case sopInstanceUID = 0x0008_0018
    case studyInstanceUID = 0x0020_000D
    case seriesInstanceUID = 0x0020_000E
    case samplesPerPixel = 0x0028_0002
    case photometricInterpretation = 0x0028_0004
    case numberOfFrames = 0x0028_0008
    case rows = 0x0028_0010
    case columns = 0x0028_0011
    case bitsAllocated = 0x0028_0100
  }

  /// Values longer than this are not what the attributes here hold.
  private static let longestValue = 256

  static func isOfInterest(_ header: ElementHeader) -> Bool {
    header.length <= longestValue && Attribute(rawValue: header.tag) != nil
  }

  mutating func note(_ header: ElementHeader, _ value: [UInt8], isBigEndian: Bool) {
    func word() -> Int? {
      guard value.count >= 2 else { return nil }
      return isBigEndian ? Int(value[0]) << 8 | Int(value[1]) : Int(value[1]) << 8 | Int(value[0])
    }
    switch Attribute(rawValue: header.tag) {
    case .rows?: rows = word()
    case .columns?: columns = word()
    case .bitsAllocated?: bitsAllocated = word()
    case .samplesPerPixel?: samplesPerPixel = word() ?? 1
    case .photometricInterpretation?: isSubsampled = value.starts(with: "YBR_FULL_422".utf8)
    case .numberOfFrames?: frames = Self.leadingNumber(value)
    case nil: break
    default: if UIDText.checked(value) == nil { malformedUID = (header.position, header.tag) }
    }
  }

  /// The digits that an integer string starts with, as parsers read it; what is no number counts as one frame.
  private static func leadingNumber(_ value: [UInt8]) -> Int {
    let digits = value.drop { $0 == 0x20 || $0 == 0x2B }.prefix { (0x30...0x39).contains($0) }.prefix(15)
    return max(1, digits.reduce(0) { $0 * 10 + Int($1 - 0x30) })
  }

  /// - Parameter available: Bytes to the end of the file: some writers give a length that is too great.
  mutating func noteNative(_ header: ElementHeader, available: Int) {
    native = (header.position, min(header.length, available), header.length > available)
  }

  /// - Parameter start: Of the value in the file; `nil` when it lies in none. Comes after ``noteNative(_:available:)``.
  mutating func noteValue(at start: Int?) {
    valueCount += 1
    nativeValue = valueCount == 1 ? start.flatMap { start in native.map { start..<start + $0.length } } : nil
  }

  mutating func beginFragments(at position: Int) { fragments = (position, 0, 0) }

  mutating func addFragment(_ length: Int) {
    guard let known = fragments else { return }
    fragments = (known.position, known.bytes + length, known.count + 1)
  }

  // MARK: - Rules

  /// - Throws: The first rule that the pixels break. Attributes that are missing are left to the reader.
  func check(_ limits: PreScanLimits) throws(ScanFailure) {
    if let malformedUID { throw .finding(PreScanFinding(.uidSyntax, at: malformedUID.position, tag: malformedUID.tag)) }
    guard let position = native?.position ?? fragments?.position else { return }
    guard let rows, let columns, let bitsAllocated else {
      guard native?.isCut != true else {
        throw .finding(PreScanFinding(.valueBeyondEnd, at: position, tag: ElementHeader.pixelData))
      }
      return
    }
    func broken(_ rule: PreScanRule, _ found: Int, _ bound: Int) -> ScanFailure {
      .finding(PreScanFinding(rule, at: position, tag: ElementHeader.pixelData, found: found, bound: bound))
    }
    // Each factor has 16 bits at most, so that the product of four fits.
    let frameBits = rows * columns * samplesPerPixel * bitsAllocated
    // A decoded sample takes a byte at least.
    let frameBytes = rows * columns * samplesPerPixel * max(8, bitsAllocated) / 8
    guard frameBytes <= limits.frameBytes else { throw broken(.frameSize, frameBytes, limits.frameBytes) }
    guard frames <= limits.frameCount else { throw broken(.frameCount, frames, limits.frameCount) }
    if let native {
      // Subsampled chrominance takes two thirds; single bits of several frames are packed.
      let (bits, overflow) = frameBits.multipliedReportingOverflow(by: frames)
      let needed = overflow ? .max : (isSubsampled ? bits / 3 * 2 : bits) / 8
      guard needed <= native.length else {
        throw broken(native.isCut ? .valueBeyondEnd : .nativeLength, native.length, needed)
      }
    } else if let fragments, frameBytes > limits.unboundedExpansionBytes {
      let needed = frameBytes / PreScanLimits.expansion(of: transferSyntax)
      let perFrame = max(1, fragments.bytes / frames)
      guard perFrame >= needed else { throw broken(.expansionRatio, perFrame, needed) }
    }
  }
}
