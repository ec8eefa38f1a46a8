namespace OrleansCache;

/// <summary>A member of a hash ring.</summary>
/// <param name="Name">Its name, unique on the ring; its virtual nodes are hashes of it.</param>
/// <param name="Weight">Its share of the keys, relative to the other members' weights; 1 to <see cref="HashRing.MaxWeight"/>.</param>
internal readonly record struct RingMember(string Name, int Weight = HashRing.DefaultWeight);
