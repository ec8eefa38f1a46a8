namespace OrleansCache.Tests.Redis;

/// <summary>What a fault of a node has cost those who use it.</summary>
/// <param name="Reads">The reads that were tried and failed; once a circuit is open, none is tried.</param>
/// <param name="Writes">The writes that were tried and failed.</param>
/// <param name="Slowest">The longest read.</param>
/// <param name="Lines">The lines that were logged.</param>
internal sealed record FaultCost(int Reads, int Writes, TimeSpan Slowest, int Lines);
