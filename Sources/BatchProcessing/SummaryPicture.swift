internal import DICOMCore
internal import Drawing
internal import Reports

/// Draws the summary of a report as one grey picture.
enum SummaryPicture {
  private static let width = 1024
  private static let margin = 32
  private static let background = RGBColor(gray: 0)
  private static let ink = RGBColor(gray: 255)
  private static let fadedInk = RGBColor(gray: 170)
  /// Where label, score, threshold and flag of a finding start, in pixels.
  private static let columns = [32, 372, 640, 880]

  /// - Throws: ``BatchError/configuration(_:)`` when the font is missing; better before a run than after its first study.
  static func check() throws(BatchError) {
    do throws(DrawingError) {
      _ = try Typeface(pixels: 16)
    } catch {
      throw .configuration("\(error)")
    }
  }

  /// The picture as 8-bit MONOCHROME2.
  static func frame(of text: SummaryText) throws(DrawingError) -> StoredFrame {
    let canvas = try canvas(of: text)
    // Everything is grey, so that one channel holds all of it.
    let samples = stride(from: 0, to: canvas.samples.count, by: 3).map { canvas.samples[$0] }
    return StoredFrame(
      format: ImageFormat(
        rows: canvas.height, columns: canvas.width, photometricInterpretation: .monochrome2, bitsAllocated: 8,
        bitsStored: 8), bytes: samples)
  }

  private static func canvas(of text: SummaryText) throws(DrawingError) -> Canvas {
    let title = try Typeface(pixels: 26)
    let body = try Typeface(pixels: 16)
    let (inner, gap) = (width - 2 * margin, body.lineHeight)
    let lines = text.lines.flatMap { wrapped($0, body, width: inner) }
    let notice = wrapped(text.disclaimer, body, width: inner)
    let height =
      2 * margin + title.lineHeight + (lines.count + text.rows.count + notice.count) * body.lineHeight + 3 * gap
    var canvas = Canvas(width: width, height: height, background: background)
    var y = margin
    canvas.write(title.fitting(text.title, width: inner), x: margin, y: y, title, color: ink)
    y += title.lineHeight + gap
    for line in lines {
      canvas.write(line, x: margin, y: y, body, color: fadedInk)
      y += body.lineHeight
    }
    y += gap
    for row in text.rows {
      for (index, cell) in [row.label, row.score, row.threshold, row.flag].enumerated() {
        let end = index + 1 < columns.count ? columns[index + 1] - 12 : width - margin
        canvas.write(body.fitting(cell, width: end - columns[index]), x: columns[index], y: y, body, color: ink)
      }
      y += body.lineHeight
    }
    y += gap
    for line in notice {
      canvas.write(line, x: margin, y: y, body, color: ink)
      y += body.lineHeight
    }
    return canvas
  }

  /// Lines that fit, broken at spaces; a word that is wider than a line is cut.
  private static func wrapped(_ text: String, _ typeface: borrowing Typeface, width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      let longer = line.isEmpty ? String(word) : line + " " + word
      if typeface.width(of: longer) <= width {
        line = longer
      } else {
        if !line.isEmpty { lines.append(line) }
        line = typeface.fitting(String(word), width: width)
      }
    }
    return line.isEmpty ? lines : lines + [line]
  }
}
