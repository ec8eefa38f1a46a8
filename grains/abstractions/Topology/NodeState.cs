using System.Text.Json.Serialization;

namespace OrleansCache;

/// <summary>The state of a node.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<NodeState>))]
public enum NodeState
{
    /// <summary>It serves reads and takes writes.</summary>
    [JsonStringEnumMemberName("up")]
    Up,

    /// <summary>It is on the ring, but a part of it is not used: it refuses writes, or a shard of its Redis Cluster is lost.</summary>
    [JsonStringEnumMemberName("degraded")]
    Degraded,

    /// <summary>It is off the ring until it serves reads again.</summary>
    [JsonStringEnumMemberName("down")]
    Down,
}
