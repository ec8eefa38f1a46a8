namespace OrleansCache.Engine.Refusal.Tests;

/// <summary>A grain interface with an argument and a result that cannot be sent. No cluster starts in a process that holds it, so it has an assembly of its own.</summary>
[Alias("OrleansCache.Engine.Refusal.Tests.ICarelessGrain")]
public interface ICarelessGrain : IGrainWithStringKey
{
    /// <summary>Takes what cannot be sent.</summary>
    [Alias("Take")]
    Task Take(UnsendableThing thing);

    /// <summary>Gives what cannot be sent.</summary>
    [Alias("Give")]
    Task<UnsendableAnswer> Give();
}
