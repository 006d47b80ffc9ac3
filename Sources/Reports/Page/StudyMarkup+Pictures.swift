internal import DICOMCore
internal import Foundation

// The images of a study as the model saw them, and how they came about.

extension StudyMarkup {
  func pictures(_ budget: inout PictureBudget) -> HTML {
    let inputs = report.inputs.filter(\.used)
    guard !inputs.isEmpty else { return "" }
    var figures: [HTML] = []
    for (index, input) in inputs.enumerated() { figures.append(figure(input, number: index + 1, &budget)) }
    return "<section><h3>As the model saw it</h3><div class=\"pictures\">\(figures)</div></section>"
  }

  private func figure(_ input: TriageReport.Input, number: Int, _ budget: inout PictureBudget) -> HTML {
    let name = Self.name(input, number: number)
    let modality = input.modality.map { " \($0)" } ?? ""
    let picture = study.pictures.first {
      $0.image == TriageReport.Evidence(input.sopInstanceUID, frame: input.frame)
    }
    return """
      <figure>
      \(stack(picture, input, name: name, &budget))
      <figcaption><strong>\(name)</strong>\(modality)\(identity(of: input))</figcaption>
      </figure>
      """
  }

  private func identity(of input: TriageReport.Input) -> HTML? {
    isResearch ? nil : "<br><span class=\"uid\">\(input.sopInstanceUID.value)</span>"
  }

  /// The picture with its heatmaps, or why there is none.
  private func stack(
    _ picture: PagePicture?, _ input: TriageReport.Input, name: String, _ budget: inout PictureBudget
  ) -> HTML {
    guard let picture, let source = source(of: picture, input, &budget) else {
      return "<p class=\"without\">\(absence(of: input))</p>"
    }
    let side: HTML? = report.model.inputSize.map { " width=\"\($0)\" height=\"\($0)\"" }
    let image: HTML = "<img src=\"\(trusted: source)\" alt=\"\(name) as the model saw it\"\(side)>"
    let heatmaps = heatmaps(of: picture.image)
    guard !heatmaps.isEmpty else { return "<div class=\"stack\">\(image)</div>" }
    let layers: [HTML] = heatmaps.map { map in
      """
      <canvas class="heat" hidden aria-hidden="true" data-label="\(map.label)" data-width="\(map.width)" \
      data-height="\(map.height)" data-values="\(trusted: Data(map.values).base64EncodedString())"></canvas>
      """
    }
    let options: [HTML] = heatmaps.map { "<option>\($0.label)</option>" }
    return """
      <div class="stack">\(image)\(layers)</div>
      <p class="scripted"><label>Heatmap <select class="heat-choice"><option value="">off</option>\(options)</select></label></p>
      <p class="note">\(HeatmapPicture.caveat)</p>
      """
  }

  /// Where the scores of an image came from, a map for each finding that has one.
  private func heatmaps(of image: TriageReport.Evidence) -> [HeatmapPicture] {
    report.findings.compactMap { finding in
      finding.evidence.first { $0.image == image }?.heatmap?.picture(of: finding.label)
    }
  }

  /// What an `img` refers to: the bytes themselves as long as there is room, then the file.
  private func source(
    of picture: PagePicture, _ input: TriageReport.Input, _ budget: inout PictureBudget
  ) -> String? {
    guard !hasBurnedInText(input), !isResearch || report.subject.deidentified else { return nil }
    if budget.take(picture.byteCount) {
      return picture.load().map { "data:image/png;base64," + Data($0).base64EncodedString() }
    }
    // A file's name holds identifiers.
    return isResearch ? nil : picture.file
  }

  private func absence(of input: TriageReport.Input) -> String {
    if hasBurnedInText(input) {
      return "No picture: the image is marked as having text burned in, which may be a name."
    }
    return isResearch && !report.subject.deidentified
      ? "No picture: the study is not de-identified." : "No picture was kept."
  }

  private func hasBurnedInText(_ input: TriageReport.Input) -> Bool {
    report.warnings.contains { $0.code == "burned-in-annotation" && $0.sopInstanceUID == input.sopInstanceUID }
  }

  // MARK: Steps

  /// How each tensor came about.
  var steps: HTML {
    let inputs = report.inputs.filter(\.used)
    guard !isResearch, inputs.contains(where: { !($0.preprocess ?? []).isEmpty }) else { return "" }
    let records = inputs.enumerated().map { Self.steps($0.element, name: Self.name($0.element, number: $0.offset + 1)) }
    return "<h3>Window and other steps</h3>\(records)"
  }

  private static func name(_ input: TriageReport.Input, number: Int) -> String {
    "Image \(number)" + (input.frame.map { ", frame \($0)" } ?? "")
  }

  private static func steps(_ input: TriageReport.Input, name: String) -> HTML {
    let steps = input.preprocess ?? []
    let items: [HTML] = steps.map { step in
      let params = step.params.sorted { $0.key < $1.key }.map { "\($0.key) \(text($0.value))" }
      return "<li><b>\(step.step)</b> \(params.joined(separator: " · "))</li>"
    }
    return """
      <details class="steps"><summary>\(name): \(steps.count) steps from file to tensor</summary><ol>\(items)</ol></details>
      """
  }

  private static func text(_ value: ParameterValue) -> String {
    switch value {
    case .string(let text): text
    case .integer(let number): "\(number)"
    // As in JSON, where 1.0 is 1: a page that is written again from the reports is the same.
    case .number(let number): Int(exactly: number).map { "\($0)" } ?? "\(number)"
    case .boolean(let flag): flag ? "yes" : "no"
    case .array(let values): "[" + values.map(text).joined(separator: ", ") + "]"
    case .object(let members):
      "{" + members.sorted { $0.key < $1.key }.map { "\($0.key) \(text($0.value))" }.joined(separator: ", ") + "}"
    }
  }
}
