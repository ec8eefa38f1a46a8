namespace OrleansCache.Engine.Tests.Activation;

/// <summary>A grain that says which activation answers, and where.</summary>
[Alias("OrleansCache.Engine.Tests.IProbeGrain")]
public interface IProbeGrain : IGrainWithStringKey
{
    /// <summary>An id that each activation draws anew.</summary>
    [Alias("Activation")]
    Task<Guid> Activation();

    /// <summary>The name of the silo that it is on.</summary>
    [Alias("Silo")]
    Task<string> Silo();

    /// <summary>Its key, as it sees it.</summary>
    [Alias("Key")]
    Task<string> Key();

    /// <summary>Asks another one for its activation, so that the call starts in this grain.</summary>
    [Alias("ActivationOf")]
    Task<Guid> ActivationOf(string key);

    /// <summary>Asks another one, given as a reference, for its key.</summary>
    [Alias("KeyOf")]
    Task<string> KeyOf(IProbeGrain other);

    /// <summary>Leaves when this call is over.</summary>
    [Alias("Leave")]
    Task Leave();
}
