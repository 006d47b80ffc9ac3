internal import DICOMCore
internal import DICOMFiles
internal import Drawing
internal import Foundation
internal import PixelTransforms

/// The contact sheets of a run: for each series what the model saw, image by image, with the window beneath.
///
/// Frames are only noted while the run goes on; pages are drawn at its end from the PNGs, one page in memory at a time.
struct SeriesSheets: Sendable {
  /// The folder of the pages, below the output.
  static let folderName = "contact-sheets"

  private var series: [String: [SheetEntry]] = [:]
  private let subtitle: String

  /// - Parameter subtitle: How all pictures were made, such as preset and size.
  init(subtitle: String) {
    self.subtitle = subtitle
  }

  mutating func add(_ entry: SheetEntry) {
    series[entry.seriesInstanceUID?.value ?? "unidentified", default: []].append(entry)
  }

  /// How many pages there will be.
  var pageCount: Int { series.values.reduce(0) { $0 + Self.pages(of: $1.count) } }

  private static func pages(of count: Int) -> Int {
    (count + ContactSheet.tilesPerPage - 1) / ContactSheet.tilesPerPage
  }

  /// Draws and publishes every page, series by series.
  ///
  /// - Parameter progress: Called after each page with the number of pages done.
  func publish(into folder: OutputFolder, progress: (Int) -> Void) throws {
    Self.withdrawPages(of: folder)
    var done = 0
    for (name, entries) in series.sorted(by: { $0.key < $1.key }) {
      let entries = entries.sorted()
      let pages = Self.pages(of: entries.count)
      for page in 0..<pages {
        if Task.isCancelled { throw BatchError.cancelled }
        let first = page * ContactSheet.tilesPerPage
        let shown = entries[first..<min(entries.count, first + ContactSheet.tilesPerPage)]
        let place = pages > 1 ? "page \(page + 1) of \(pages)" : nil
        let details = [entries[0].modality, "\(entries.count) image\(entries.count == 1 ? "" : "s")", subtitle, place]
        let sheet = ContactSheet(
          heading: ["Series \(name)", details.compactMap { $0 }.joined(separator: ", ")],
          footnote: "What the encoder is shown. Research use only, not for diagnosis.")
        let canvas = try sheet.page(of: try shown.map { try $0.tile(in: folder) })
        let file = pages > 1 ? "\(name)-\(page + 1).png" : "\(name).png"
        try folder.publish(try canvas.png.encoded(), as: "\(Self.folderName)/\(file)")
        done += 1
        progress(done)
      }
    }
  }

  /// Pages of an earlier run would show windows that this run did not use.
  private static func withdrawPages(of folder: OutputFolder) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/\(folderName)")) ?? []
    folder.withdraw(names.filter { $0.hasSuffix(".png") }.map { "\(folderName)/\($0)" })
  }
}

/// A frame on a contact sheet.
struct SheetEntry: Sendable {
  let seriesInstanceUID: UID?
  let modality: String?
  /// Relative to the output folder.
  let png: String
  let window: [String]
  private let instanceNumber: Int?
  private let sopInstanceUID: String
  /// From 1; `nil` for an image of one frame.
  private let frame: Int?

  /// - Parameter line: Of a frame that was used; `nil` comes back when it has no PNG.
  init?(_ line: PreprocessLogLine, header: DICOMHeader, isMultiFrame: Bool) {
    guard let png = line.png else { return nil }
    self.png = png
    seriesInstanceUID = header.dataSet.uid(.seriesInstanceUID)
    modality = header.dataSet.string(.modality).flatMap { Self.isCode($0) ? $0 : nil }
    window = WindowCaption.lines(of: line.steps)
    instanceNumber = header.dataSet.integer(.instanceNumber)
    sopInstanceUID = line.sopInstanceUID?.value ?? ""
    frame = isMultiFrame ? line.frame : nil
  }

  /// A defined term is at most 16 capitals and digits; anything else may be somebody's text.
  private static func isCode(_ text: String) -> Bool {
    text.utf8.count <= 16 && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) }
  }

  func tile(in folder: OutputFolder) throws -> ContactSheet.Tile {
    let bytes = try Data(contentsOf: URL(filePath: "\(folder.path)/\(png)"))
    let image = try PNGImage(decoding: Array(bytes))
    let number = instanceNumber.map { "Image \($0)" } ?? "Image without number"
    return ContactSheet.Tile(
      picture: Canvas(image), caption: [frame.map { "\(number), frame \($0)" } ?? number] + window)
  }
}

extension SheetEntry: Comparable {
  private var key: (Int, String, Int) { (instanceNumber ?? .max, sopInstanceUID, frame ?? 0) }

  static func == (lhs: SheetEntry, rhs: SheetEntry) -> Bool { lhs.key == rhs.key && lhs.png == rhs.png }
  static func < (lhs: SheetEntry, rhs: SheetEntry) -> Bool {
    lhs.key == rhs.key ? lhs.png < rhs.png : lhs.key < rhs.key
  }
}

extension Canvas {
  fileprivate init(_ image: PNGImage) {
    let shift: UInt16 = image.depth == .bits16 ? 8 : 0
    self.init(
      width: image.columns, height: image.rows, channels: image.channels,
      samples: image.samples.map { UInt8(truncatingIfNeeded: $0 >> shift) })
  }

  fileprivate var png: PNGImage {
    PNGImage(rows: height, columns: width, channels: 3, depth: .bits8, samples: samples.map(UInt16.init))
  }
}
