import DICOMCore
import PixelTransforms
import Testing

/// Several windows in one instance, chosen by number or by explanation (PS3.3 C.11.2).
struct FileWindowTests {
  /// Two windows and one VOI LUT, each with an explanation.
  private static let dataSet: DataSet = {
    var dataSet = Samples.windowed(center: "40\\-600", width: "400\\1500", slope: "1", intercept: "-1000")
    dataSet.set(.windowCenterWidthExplanation, .lo, strings: ["Mediastinum ", "LUNG  parenchyma"])
    var item = Samples.lookup([4, 0, 16], [0, 1000, 65535, 3])
    item.set(.lutExplanation, .lo, "Bones")
    dataSet.set(.voilutSequence, items: [item])
    return dataSet
  }()
  private static let frame = Samples.gray([0, 400, 1040, 2000])

  private func display(_ spelling: String, _ dataSet: DataSet = dataSet) throws -> DisplayImage {
    let window = try #require(FileWindow(spelling: spelling))
    return try Samples.display(Self.frame, dataSet, window: .fileWindow(window))
  }

  @Test("a number chooses among the windows, although there is a VOI LUT", arguments: [1, 2])
  func byNumber(number: Int) throws {
    let alone = Samples.windowed(
      center: ["40", "-600"][number - 1], width: ["400", "1500"][number - 1], slope: "1", intercept: "-1000")
    let image = try display("file:\(number)")
    #expect(image.values == (try Samples.display(Self.frame, alone)).values)
    let params = try #require(image.steps.params("voi-window"))
    #expect(params["index"] == .integer(number - 1) && params["available"] == 2)
    #expect(params["selected_by"] == ["index": .string("file:\(number)")])
  }

  @Test(
    "an explanation chooses whatever its case and spacing, VOI LUTs included",
    arguments: [
      ("file:mediastinum", "voi-window", 0), ("file:Lung Parenchyma", "voi-window", 1), ("file:BONES", "voi-lut", 0),
    ])
  func byExplanation(spelling: String, step: String, index: Int) throws {
    let params = try #require(try display(spelling).steps.params(step))
    #expect(params["index"] == .integer(index))
    // As it was asked for, not as the file has it.
    #expect(params["selected_by"] == ["explanation": .string(String(spelling.dropFirst(5)))])
  }

  @Test("a VOI LUT is chosen by its number")
  func lookupByNumber() throws {
    #expect(try display("file:lut:1").steps.params("voi-lut")?["index"] == 0)
  }

  @Test(
    "a window that the instance does not have is an error that names what was asked, not what the file says",
    arguments: ["file:3", "file:lut:2", "file:Liver", "file:lut:x"])
  func absent(spelling: String) throws {
    let error = #expect(throws: PixelTransformError.self) { try display(spelling) }
    let text = try #require(error).description
    #expect(text == "the instance has no window \(spelling); it has 2 windows and 1 VOI LUTs")
    #expect(!text.contains("Mediastinum"))
  }

  @Test(
    "an explanation without its window is absent, and a window that was asked for is not replaced when it is malformed")
  func malformed() {
    var dataSet = Samples.windowed(center: "40\\1A", width: "400\\0")
    dataSet.set(.windowCenterWidthExplanation, .lo, strings: ["A", "B", "C"])
    #expect(throws: PixelTransformError.windowNotInInstance(.explanation("C"), windows: 2, lookups: 0)) {
      try display("file:C", dataSet)
    }
    #expect(throws: PixelTransformError.malformedAttribute(.windowCenter)) { try display("file:B", dataSet) }
    #expect(throws: PixelTransformError.malformedAttribute(.windowCenter)) { try display("file:2", dataSet) }
  }

  @Test("the explanation of a frame's own functional group counts")
  func functionalGroup() throws {
    var item = Samples.windowed(center: "1\\2", width: "3\\4")
    item.set(.windowCenterWidthExplanation, .lo, strings: ["ONE", "TWO"])
    var group = DataSet()
    group.set(.frameVOILUTSequence, items: [item])
    var dataSet = DataSet()
    dataSet.set(.perFrameFunctionalGroupsSequence, items: [group])
    let params = try #require(try display("file:two", dataSet).steps.params("voi-window"))
    #expect(params["origin"] == "per-frame-functional-group" && params["index"] == 1)
  }

  @Test("spellings are read back as they are written", arguments: ["file:2", "file:lut:1", "file:LUNG", "file:lut:x"])
  func spellings(spelling: String) throws {
    #expect(try #require(FileWindow(spelling: spelling)).spelling == spelling)
  }

  @Test(
    "what is no window of a file has no meaning",
    arguments: ["file", "file:", "file:0", "file:-1", "file: ", "2", "file:lut:0"])
  func meaningless(spelling: String) {
    #expect(FileWindow(spelling: spelling) == nil)
  }
}
