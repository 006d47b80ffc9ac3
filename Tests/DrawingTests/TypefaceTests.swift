import Drawing
import Testing

struct TypefaceTests {
  @Test func `text covers pixels between the top of the line and its depth`() throws {
    let typeface = try Typeface(pixels: 20)
    var canvas = Canvas(width: 120, height: 60, background: RGBColor(gray: 255))
    canvas.write("Hg 12", x: 10, y: 15, typeface, color: RGBColor(gray: 0))
    let inked = (0..<60).filter { row in canvas.samples[row * 360..<row * 360 + 360].contains { $0 < 128 } }
    let first = try #require(inked.first)
    let last = try #require(inked.last)
    #expect(first >= 15 && last < 15 + typeface.lineHeight)
    // An H is about 0.73 em high in DejaVu Sans, and the g goes below the baseline.
    #expect((15...22).contains(last - first))
  }

  @Test func `a longer text is wider, and no text has no width`() throws {
    let typeface = try Typeface(pixels: 12)
    #expect(typeface.width(of: "") == 0)
    #expect(typeface.width(of: "WL 40") < typeface.width(of: "WL 40 WW 400"))
  }

  @Test func `a line that is too long ends in an ellipsis and fits`() throws {
    let typeface = try Typeface(pixels: 12)
    let fitted = typeface.fitting("a line that is much too long to fit", width: 80)
    #expect(fitted.hasSuffix("…"))
    #expect(typeface.width(of: fitted) <= 80)
    #expect(typeface.fitting("short", width: 80) == "short")
  }

  @Test func `letters outside the canvas are cut off`() throws {
    let typeface = try Typeface(pixels: 30)
    var canvas = Canvas(width: 5, height: 5)
    canvas.write("WWW", x: -12, y: -10, typeface, color: RGBColor(gray: 255))
    #expect(canvas.samples.count == 75)
  }

  @Test(arguments: ["/nowhere/font.ttf", "/etc/hostname"]) func `a font that is none is told with its path`(
    path: String
  ) {
    do {
      _ = try Typeface(path: path, pixels: 12)
      Issue.record("the font was accepted")
    } catch {
      #expect("\(error)".contains(path))
      #expect("\(error)".contains("fonts-dejavu-core"))
    }
  }

  @Test func `a size outside the range is refused`() {
    #expect(throws: DrawingError.self) { _ = try Typeface(pixels: 0).lineHeight }
    #expect(throws: DrawingError.self) { _ = try Typeface(pixels: 4000).lineHeight }
  }
}
