namespace OrleansCache.Proof.Histories;

/// <summary>What a call needs from the register: to be at a row at some moment of an interval.</summary>
/// <param name="Call">The call.</param>
/// <param name="Row">The row; null when any row without a book will do.</param>
/// <param name="Start">The moment is not before.</param>
/// <param name="End">The moment is not after.</param>
/// <param name="IsEdit">Whether the call writes the row: then it is enough that the register has come to it by the end.</param>
/// <param name="IsAhead">
/// Whether the call may have been at the row before the register reaches it, so that the register need not follow.
/// </param>
internal readonly record struct Requirement(Call Call, Row? Row, TimeSpan Start, TimeSpan End, bool IsEdit, bool IsAhead = false);
