using Orleans.Placement;
using OrleansCache.Engine.Placement;

namespace Orleans.Concurrency;

/// <summary>
/// The grain has no identity that must be one in the cluster: each silo answers its calls with activations of its own, which no
/// directory knows.
/// </summary>
/// <param name="maxLocalWorkers">How many activations a silo may have of one grain. This engine knows only 1.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class StatelessWorkerAttribute(int maxLocalWorkers) : PlacementAttribute(new StatelessWorkerPlacement(maxLocalWorkers));
