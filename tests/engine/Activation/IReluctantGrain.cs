namespace OrleansCache.Engine.Tests.Activation;

/// <summary>A grain whose activation fails until the stage has a note of its key.</summary>
[Alias("OrleansCache.Engine.Tests.IReluctantGrain")]
public interface IReluctantGrain : IGrainWithStringKey
{
    /// <summary>Answers once it has been activated.</summary>
    [Alias("Answers")]
    Task<bool> Answers();
}
