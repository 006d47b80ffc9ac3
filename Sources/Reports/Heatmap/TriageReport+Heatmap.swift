package import DICOMCore
package import Foundation

extension TriageReport {
  /// How much each part of an image moved a finding's score: what a report says of the map, beside the image that it is of.
  package struct Heatmap: Sendable, Hashable, Codable {
    /// Always ``HeatmapPicture/caveat``.
    package var caveat: String
    /// The PNG, relative to the study's folder; absent where the run keeps no pictures.
    package var file: String?
    /// The computation and its version.
    package var method: String
    /// Of the encoder, by index: those whose tokens went through the pooling head.
    package var layers: [Int]
    /// What the finding's prompts were held against: `absent-prompts` or `empty-prompt`.
    package var contrast: String
    /// Cells: rows, columns.
    package var grid: [Int]
    /// The relevance that 255 stands for, in units of the cosine; 0 where nothing moved the score.
    package var largest: Double
    /// The grid's 8-bit values, row by row, as Base64.
    package var values: Data
    /// Where it is largest; absent where nothing moved the score.
    package var peak: Peak?
    /// The presentation state with its outline, if one was written.
    package var presentationState: UID?

    package init(
      caveat: String = HeatmapPicture.caveat, file: String?, method: String, layers: [Int], contrast: String,
      grid: [Int], largest: Double, values: Data, peak: Peak?, presentationState: UID? = nil
    ) {
      self.caveat = caveat
      self.file = file
      self.method = method
      self.layers = layers
      self.contrast = contrast
      self.grid = grid
      self.largest = largest
      self.values = values
      self.peak = peak
      self.presentationState = presentationState
    }

    enum CodingKeys: String, CodingKey {
      case caveat, file, method, layers, contrast, grid, largest, values, peak
      case presentationState = "presentation_state"
    }
  }

  /// A place in an image.
  package struct Peak: Sendable, Hashable, Codable {
    /// Row and column of the model's input, from 0.
    package var modelRow: Int
    package var modelColumn: Int
    /// Row and column of the frame, from 0; absent for a place in the padding around it.
    package var row: Int?
    package var column: Int?

    package init(modelRow: Int, modelColumn: Int, row: Int?, column: Int?) {
      self.modelRow = modelRow
      self.modelColumn = modelColumn
      self.row = row
      self.column = column
    }

    enum CodingKeys: String, CodingKey {
      case modelRow = "model_row"
      case modelColumn = "model_column"
      case row, column
    }
  }
}

extension TriageReport.Heatmap {
  /// The map of the finding `label`; `nil` where the values do not fill the grid.
  func picture(of label: String) -> HeatmapPicture? {
    guard grid.count == 2 else { return nil }
    return HeatmapPicture(label: label, width: grid[1], height: grid[0], values: Array(values))
  }
}
