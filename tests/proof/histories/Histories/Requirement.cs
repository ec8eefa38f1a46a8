namespace OrleansCache.Proof.Histories;

/// <summary>A call's requirement: that the register holds a row at some moment of an interval.</summary>
/// <param name="Call">The call.</param>
/// <param name="Row">The row; null if any row without a book will do.</param>
/// <param name="Start">The earliest moment.</param>
/// <param name="End">The latest moment.</param>
/// <param name="IsEdit">Whether the call writes the row: then it is enough if the register has reached the row by the end.</param>
/// <param name="IsAhead">
/// Whether the call may see the row before the register reaches it, so that the register need not move for it.
/// </param>
internal readonly record struct Requirement(Call Call, Row? Row, TimeSpan Start, TimeSpan End, bool IsEdit, bool IsAhead = false);
