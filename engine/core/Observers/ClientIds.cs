namespace OrleansCache.Engine.Observers;

/// <summary>The identities of clients and of the observers that they host.</summary>
internal static class ClientIds
{
    private static readonly GrainType Type = GrainType.Create("sys.client");

    public static bool IsClient(GrainId id) => id.Type.Equals(Type);

    /// <summary>A fresh identity for an observer of a host.</summary>
    public static GrainId Observer(string hostId) => GrainId.Create(Type, $"{hostId}+{Guid.NewGuid():N}");

    public static GrainId Host(string hostId) => GrainId.Create(Type, hostId);

    /// <summary>The host of an observer.</summary>
    public static string HostOf(GrainId observer)
    {
        var key = observer.Key.ToString();
        var plus = key.LastIndexOf('+');
        return plus < 0 ? key : key[..plus];
    }
}
