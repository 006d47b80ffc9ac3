internal import CFreeType

/// A font at one size, to measure and draw lines of text with. Not Sendable: it stays in one task.
package struct Typeface: ~Copyable {
  /// DejaVu Sans, of Debian's package `fonts-dejavu-core`.
  package static let defaultPath = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"

  /// From one baseline to the next, in pixels.
  package let lineHeight: Int
  /// From the top of a line to its baseline, in pixels.
  package let ascent: Int
  private let face: FaceHandle

  /// - Parameters:
  ///   - path: A font file that FreeType reads.
  ///   - pixels: Height of the em square, 1...512.
  /// - Throws: ``DrawingError/font(path:reason:)``.
  package init(path: String = Typeface.defaultPath, pixels: Int) throws(DrawingError) {
    face = try FaceHandle(path: path, pixels: pixels)
    lineHeight = face.lineHeight
    ascent = face.ascent
  }

  /// The width of a line in pixels.
  package func width(of text: String) -> Int { face.measure(Self.scalars(text)) }

  /// The longest beginning of `text` that fits, with an ellipsis where something was cut off.
  package func fitting(_ text: String, width limit: Int) -> String {
    guard width(of: text) > limit else { return text }
    var kept = Substring(text)
    while !kept.isEmpty, width(of: kept + "…") > limit { kept.removeLast() }
    return kept + "…"
  }

  /// Adds a line to a plane of coverage values; what lies outside is cut off.
  func draw(_ text: String, into plane: inout CoveragePlane, x: Int, baseline: Int) {
    face.draw(Self.scalars(text), into: &plane, x: x, baseline: baseline)
  }

  private static func scalars(_ text: String) -> [UInt32] { text.unicodeScalars.map(\.value) }

  /// FreeType's version, such as `2.12.1`.
  package static var libraryVersion: String {
    unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 32) { buffer in
      guard let base = buffer.baseAddress else { return "" }
      unsafe cfreetype_version(base)
      return unsafe String(cString: base)
    }
  }
}

/// How far each pixel of a plane is covered by text: 0 to 255, row by row.
struct CoveragePlane {
  let width: Int
  let height: Int
  var values: [UInt8]

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    values = [UInt8](repeating: 0, count: width * height)
  }
}

/// The owner of a FreeType face.
@safe
struct FaceHandle: ~Copyable {
  private let raw: OpaquePointer

  init(path: String, pixels: Int) throws(DrawingError) {
    var error = cfreetype_error()
    guard let face = unsafe cfreetype_open(path, Int32(clamping: pixels), &error) else {
      let reason = unsafe withUnsafeBytes(of: error.text) { unsafe Array($0.prefix { $0 != 0 }) }
      throw .font(path: path, reason: String(decoding: reason, as: UTF8.self))
    }
    unsafe raw = face
  }

  deinit { unsafe cfreetype_free(raw) }

  var lineHeight: Int { unsafe Int(cfreetype_line_height(raw)) }
  var ascent: Int { unsafe Int(cfreetype_ascent(raw)) }

  func measure(_ scalars: [UInt32]) -> Int { unsafe Int(cfreetype_measure(raw, scalars, scalars.count)) }

  func draw(_ scalars: [UInt32], into plane: inout CoveragePlane, x: Int, baseline: Int) {
    unsafe cfreetype_draw(
      raw, scalars, scalars.count, &plane.values, Int32(clamping: plane.width), Int32(clamping: plane.height),
      Int32(clamping: x), Int32(clamping: baseline))
  }
}
