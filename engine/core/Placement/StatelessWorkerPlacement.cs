namespace OrleansCache.Engine.Placement;

/// <summary>Whichever silo a call comes to.</summary>
internal sealed class StatelessWorkerPlacement(int maxLocalWorkers) : PlacementStrategy
{
    public override bool IsUsingGrainDirectory => false;

    public int MaxLocalWorkers => maxLocalWorkers;
}
