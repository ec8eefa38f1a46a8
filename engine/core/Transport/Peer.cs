namespace OrleansCache.Engine.Transport;

/// <summary>Who is at the other end of a connection: a silo or, without an address, a client.</summary>
internal sealed record Peer(string Name, SiloAddress? Silo, string? ClientId)
{
    public override string ToString() => Silo is null ? $"client {Name}" : $"silo {Name} {Silo}";
}
