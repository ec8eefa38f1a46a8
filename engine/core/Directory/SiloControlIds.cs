namespace OrleansCache.Engine.Directory;

/// <summary>The identities of the silos' own services.</summary>
internal static class SiloControlIds
{
    private static readonly GrainType Type = GrainType.Create("sys.silo");

    public static bool IsControl(GrainId id) => id.Type.Equals(Type);

    public static GrainId Of(SiloAddress silo) => GrainId.Create(Type, silo.ToParsableString());

    public static SiloAddress SiloOf(GrainId control) => SiloAddress.FromParsableString(control.Key.ToString());
}
