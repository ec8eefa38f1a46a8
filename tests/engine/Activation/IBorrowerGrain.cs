namespace OrleansCache.Engine.Tests.Activation;

/// <summary>A grain that is made with a service of its own, one that lives as long as the activation.</summary>
[Alias("OrleansCache.Engine.Tests.IBorrowerGrain")]
public interface IBorrowerGrain : IGrainWithStringKey
{
    /// <summary>The id of that service.</summary>
    [Alias("Loan")]
    Task<Guid> Loan();

    /// <summary>Leaves when this call is over.</summary>
    [Alias("Leave")]
    Task Leave();
}
