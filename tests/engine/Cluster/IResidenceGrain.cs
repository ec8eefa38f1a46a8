namespace OrleansCache.Engine.Tests.Cluster;

/// <summary>A grain that lives on the silo that its key names while that is there, and else anywhere.</summary>
[Alias("OrleansCache.Engine.Tests.IResidenceGrain")]
public interface IResidenceGrain : IGrainWithStringKey
{
    /// <summary>The name of its silo.</summary>
    [Alias("Silo")]
    Task<string> Silo();

    /// <summary>Asks another one, so that the call starts in a silo.</summary>
    [Alias("SiloOf")]
    Task<string> SiloOf(string other);

    /// <summary>Waits at the gate of its key.</summary>
    [Alias("Wait")]
    Task<string> Wait();
}
