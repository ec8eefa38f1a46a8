using OrleansCache.Engine.Messaging;
using OrleansCache.Engine.Serialization;

namespace OrleansCache.Engine.Hosting;

/// <summary>How the engine's own types travel.</summary>
internal static class EngineCodecs
{
    public static IEnumerable<IValueCodec> All => [new GrainIdCodec(), new SiloAddressCodec()];
}
