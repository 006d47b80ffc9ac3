import DICOMCore
import PixelTransforms
import Testing

/// Windows by percentiles of a series: the histogram, the measurement and what the record says.
struct PercentileTests {
  private static let seriesUID = UID.derived("test", ["series"])

  private static let mr: DataSet = {
    var dataSet = DataSet()
    dataSet.set(.modality, .cs, "MR")
    return dataSet
  }()

  // MARK: Histogram

  @Test(
    "percentiles are nearest-rank: the smallest value that so many percent do not exceed",
    arguments: [(0.0, 1.0), (10, 1), (10.1, 2), (50, 5), (99, 10), (100, 10)])
  func nearestRank(percentile: Double, value: Double) {
    var histogram = ValueHistogram()
    for value in (1...10).reversed() { histogram.add(Double(value)) }
    #expect(histogram.value(atPercentile: percentile) == value)
  }

  @Test("a rank that is a whole number is not rounded up", arguments: 1...100)
  func wholeRank(percentile: Int) {
    var histogram = ValueHistogram()
    for value in 1...100 { histogram.add(Double(value)) }
    #expect(histogram.value(atPercentile: Double(percentile)) == Double(percentile))
  }

  @Test("an empty histogram has no percentile, and counting nothing changes nothing")
  func empty() {
    var histogram = ValueHistogram()
    histogram.add(3, occurrences: 0)
    #expect(histogram.isEmpty && histogram.value(atPercentile: 50) == nil)
  }

  @Test("negative values, fractions and minus zero take their places")
  func order() {
    var histogram = ValueHistogram()
    for value in [0.25, -1024, -0.0, 0, 3e9, -0.5] { histogram.add(value) }
    let found = [1.0, 17, 34, 51, 67, 84].map { histogram.value(atPercentile: $0) }
    #expect(found == [-1024, -0.5, 0, 0, 0.25, 3e9])
  }

  @Test(
    "beyond the bound values are told apart less finely, the same whatever the order and the merging", arguments: 0..<4)
  func bounded(seed: Int) {
    let values = (0..<3000).map { Double(Samples.noise($0 + 3000 * seed, below: 1 << 20)) / 7 - 50_000 }
    func histogram(_ values: some Sequence<Double>) -> ValueHistogram {
      var histogram = ValueHistogram(maximumValueCount: 200)
      for value in values { histogram.add(value) }
      return histogram
    }
    let whole = histogram(values)
    #expect(whole.droppedBits > 0)
    #expect(whole == histogram(values.reversed()))
    var merged = histogram(values[2000...])
    merged.merge(histogram(values[..<700]))
    merged.merge(histogram(values[700..<2000]))
    #expect(merged == whole)
    // 200 values over a range of 150,000: an eighth of the value itself at worst.
    let exact = values.sorted()[2969]
    #expect(abs((whole.value(atPercentile: 99) ?? 0) - exact) <= abs(exact) / 8)
  }

  // MARK: Frames

  private func measured(_ frames: [StoredFrame], _ dataSet: DataSet, _ pipeline: PixelPipeline) throws
    -> SeriesPercentiles
  {
    var histogram = ValueHistogram()
    for frame in frames {
      histogram.merge(try #require(try pipeline.modalityValues(of: frame, attributes: dataSet)))
    }
    return try #require(
      SeriesPercentiles(of: histogram, .series, seriesInstanceUID: Self.seriesUID, frameCount: frames.count))
  }

  @Test("two frames of a series share one window, which cuts off the outermost values")
  func sharedWindow() throws {
    var dataSet = Self.mr
    dataSet.set(.rescaleSlope, .ds, "2")
    dataSet.set(.rescaleIntercept, .ds, "-100")
    let dark = Samples.gray([0] + (1...499).map { _ in 100 })
    let bright = Samples.gray((1...498).map { _ in 300 } + [4000, 4000], stored: 12)
    let pipeline = PixelPipeline(preset: .ownSize, size: 1)
    #expect(pipeline.seriesRange(for: dataSet) == .series)
    let series = try measured([dark, bright], dataSet, pipeline)
    // 1000 pixels: rank 5 is a 100, rank 995 a 300.
    #expect(series.low == 100 && series.high == 500 && series.pixelCount == 1000 && series.frameCount == 2)
    let image = try pipeline.displayImage(frame: bright, attributes: dataSet, series: series)
    #expect(Set(image.values) == [1])
    let params = try #require(image.steps.params("voi-percentiles"))
    #expect(params["scope"] == "series" && params["series_instance_uid"] == .string(Self.seriesUID.value))
    #expect(params["min"]?.number == 100 && params["max"]?.number == 500 && params["frames"] == 2)
    #expect(params["lower_percentile"]?.number == 0.5 && params["upper_percentile"]?.number == 99.5)
    #expect(params["channels"]?.array?.first?.object?["clipped_above"] == 2)
    #expect(image.steps.flatMap(\.warnings).isEmpty)
    #expect(try pipeline.displayImage(frame: dark, attributes: dataSet, series: series).values.allSatisfy { $0 == 0 })
  }

  @Test("padding is no part of the statistics")
  func padding() throws {
    var dataSet = Self.mr
    dataSet.set(.pixelPaddingValue, .us, integers: [0])
    dataSet.set(.pixelPaddingRangeLimit, .us, integers: [9])
    let frame = Samples.gray([Int](repeating: 0, count: 900) + [5, 9] + (1...100).map { $0 + 1000 })
    let series = try measured([frame], dataSet, PixelPipeline(preset: .ownSize, size: 1))
    #expect(series.pixelCount == 100 && series.low == 1001 && series.high == 1100)
  }

  @Test("an MR image with a window of its own keeps it; one whose window cannot be used does not")
  func ownWindow() throws {
    func withWindow(_ width: String) -> DataSet {
      var dataSet = Samples.windowed(center: "100", width: width)
      dataSet.set(.modality, .cs, "MR")
      return dataSet
    }
    let pipeline = PixelPipeline(preset: .ownSize, size: 1)
    #expect(pipeline.seriesRange(for: withWindow("200")) == nil)
    #expect(pipeline.seriesRange(for: withWindow("0")) == .series)
    let frame = Samples.gray((0..<1000).map { $0 })
    let series = try measured([frame], withWindow("0"), pipeline)
    let image = try pipeline.displayImage(frame: frame, attributes: withWindow("0"), series: series)
    #expect(image.steps.params("voi-percentiles")?["scope"] == "series")
    #expect(image.steps.flatMap(\.warnings).map(\.code) == [.windowUnusable])
    #expect(
      try pipeline.displayImage(frame: frame, attributes: withWindow("200"), series: series).steps.params("voi-window")
        != nil)
  }

  @Test("without statistics of the series the frame's own percentiles are used, with a warning")
  func frameAlone() throws {
    let image = try Samples.display(Samples.gray((0..<1000).map { $0 }), Self.mr, window: .automatic)
    let params = try #require(image.steps.params("voi-percentiles"))
    #expect(params["scope"] == "frame" && params["min"]?.number == 4 && params["max"]?.number == 994)
    #expect(image.steps.flatMap(\.warnings).map(\.code) == [.seriesUnknown])
  }

  @Test("only grey frames that ask for it need statistics")
  func demand() {
    func range(_ window: WindowChoice, _ change: (inout DataSet) -> Void = { _ in }) -> PercentileRange? {
      var dataSet = Self.mr
      change(&dataSet)
      return PixelPipeline(window: window, size: 1).seriesRange(for: dataSet)
    }
    let frame = PercentileRange(lower: 1, upper: 99, scope: .frame)
    #expect(range(.automatic) == .series && range(.percentiles(.series)) == .series)
    #expect(range(.file) == nil && range(.minMax) == nil && range(.percentiles(frame)) == nil)
    #expect(range(.automatic) { $0.set(.modality, .cs, "CR") } == nil)
    #expect(range(.automatic) { $0.set(.photometricInterpretation, .cs, "RGB") } == nil)
    #expect(range(WindowChoice(byModality: ["CT": .minMax, "MR": .percentiles(.series)])) == .series)
    #expect(range(WindowChoice(byModality: ["MR": .minMax])) == nil)
    let named = NamedWindow(name: "n", modalities: ["MR"], unit: "US", values: .percentiles(.series), source: "-")
    #expect(range(.named(named)) == .series)
    #expect(range(.named(named)) { $0.set(.modality, .cs, "NM") } == nil)
  }

  // MARK: Choices

  @Test("a choice by modality takes that of the image, and automatic where there is none")
  func byModality() throws {
    let choice = WindowChoice(byModality: ["CT": .minMax, "MR": .file])
    var ct = Samples.windowed(center: "0", width: "2")
    ct.set(.modality, .cs, "CT")
    #expect(try Samples.display(Samples.gray([0, 5, 10]), ct, window: choice).values == [0, 0.5, 1])
    #expect(choice.resolved(for: "DX") == .automatic && choice.resolved(for: nil) == .automatic)
    #expect(
      WindowChoice(byModality: ["A": .file, "B": .minMax]) == WindowChoice(byModality: ["B": .minMax, "A": .file]))
  }

  @Test("a window in SUV is applied only to values that say they are")
  func units() throws {
    let window = NamedWindow(
      name: "pt-suv", modalities: ["PT"], unit: "GML",
      channels: [VOIWindow(center: 5, width: 10, function: .linearExact)], source: "-")
    func display(units: String?, suvType: String? = nil) throws -> [Float] {
      var dataSet = DataSet()
      dataSet.set(.modality, .cs, "PT")
      dataSet.set(.rescaleSlope, .ds, "0.5")
      dataSet.set(.rescaleIntercept, .ds, "0")
      if let units { dataSet.set(.units, .cs, units) }
      if let suvType { dataSet.set(.suvType, .cs, suvType) }
      return try Samples.display(Samples.gray([0, 10, 20]), dataSet, window: .named(window)).values
    }
    #expect(try display(units: "GML") == [0, 0.5, 1])
    #expect(try display(units: "GML", suvType: "BW") == [0, 0.5, 1])
    for (units, suvType) in [("BQML", nil), (nil, nil), ("GML", "LBM"), ("CNTS", "BW")] as [(String?, String?)] {
      #expect(throws: PixelTransformError.windowUnit(window: "pt-suv", unit: "GML")) {
        try display(units: units, suvType: suvType)
      }
    }
  }
}
