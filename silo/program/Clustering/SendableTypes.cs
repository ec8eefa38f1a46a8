using Orleans.Serialization.Configuration;

namespace OrleansCache.Silo.Clustering;

/// <summary>What grains take and give has to be fit to be sent.</summary>
internal static class SendableTypes
{
    /// <summary>Lets a silo refuse to start where it is not; the engine itself looks only in its development environment.</summary>
    public static void Require(ISiloBuilder silo) => silo.Configure<TypeManifestOptions>(types => types.EnableConfigurationAnalysis = true);
}
